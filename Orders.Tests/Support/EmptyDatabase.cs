using Npgsql;

namespace Orders.Tests.Support;

/// <summary>A database of its own on the application's server, with the product's schema and nothing in it.</summary>
internal sealed class EmptyDatabase : IAsyncDisposable
{
    private readonly OrdersApplication _app;
    private readonly string _name;

    private EmptyDatabase(OrdersApplication app, string name)
    {
        (_app, _name) = (app, name);
        Connection = new NpgsqlConnectionStringBuilder(app.DatabaseConnection) { Database = name, Pooling = false }.ConnectionString;
        Source = NpgsqlDataSource.Create(Connection);
    }

    public string Connection { get; }

    public NpgsqlDataSource Source { get; }

    public static async Task<EmptyDatabase> CreateAsync(OrdersApplication app) => new(app, await app.FreshDatabaseAsync("empty"));

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _app.DropDatabaseAsync(_name);
    }
}

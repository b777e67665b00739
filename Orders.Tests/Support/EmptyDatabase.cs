using Npgsql;
using Orders.Api.Outbox;

namespace Orders.Tests.Support;

/// <summary>A database of its own on the application's server, with the product's schema and nothing in it.</summary>
internal sealed class EmptyDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _server;
    private readonly string _name;

    private EmptyDatabase(NpgsqlDataSource server, string name, string connection)
    {
        (_server, _name, Connection) = (server, name, connection);
        Source = NpgsqlDataSource.Create(connection);
    }

    public string Connection { get; }

    public NpgsqlDataSource Source { get; }

    public static async Task<EmptyDatabase> CreateAsync(OrdersApplication app)
    {
        var name = $"empty_{Guid.NewGuid():N}";
        await using (var command = app.Database.CreateCommand($"create database {name}")) await command.ExecuteNonQueryAsync();
        var connection = new NpgsqlConnectionStringBuilder(app.DatabaseConnection) { Database = name, Pooling = false }.ConnectionString;
        var database = new EmptyDatabase(app.Database, name, connection);
        var assembly = typeof(OutboxOptions).Assembly;
        foreach (var script in assembly.GetManifestResourceNames().Where(file => file.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(script)!);
            await using var command = database.Source.CreateCommand(await text.ReadToEndAsync());
            await command.ExecuteNonQueryAsync();
        }

        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await using var command = _server.CreateCommand($"drop database {_name} with (force)");
        await command.ExecuteNonQueryAsync();
    }
}

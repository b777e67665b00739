using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Indexer.Analytics;
using Orders.Indexer.Streams;
using Orders.Tests.Support;

namespace Orders.Tests.Analytics;

/// <summary>
/// A database of its own on the application's server, with the schema and nothing in it: no stream but the test writes here.
/// </summary>
internal sealed class AnalyticsDatabase : IAsyncDisposable
{
    private readonly OrdersApplication _app;
    private readonly string _name;

    private AnalyticsDatabase(OrdersApplication app, string name)
    {
        (_app, _name) = (app, name);
        Data = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(app.DatabaseConnection) { Database = name }.ConnectionString);
    }

    public NpgsqlDataSource Data { get; }

    public static async Task<AnalyticsDatabase> CreateAsync(OrdersApplication app) =>
        new(app, await app.FreshDatabaseAsync("analytics"));

    /// <summary>A projection that has just been given these partitions.</summary>
    public AnalyticsProjection Own(params int[] partitions)
    {
        var projection = new AnalyticsProjection(
            new AnalyticsStore(Data, Options.Create(new AnalyticsOptions())),
            Options.Create(new AnalyticsOptions()), Options.Create(new StreamOptions()));
        projection.Positions(partitions);
        return projection;
    }

    public Task<long> NextAsync(int partition) =>
        Data.ScalarAsync<long>("select next from analytics.offsets where partition = $1", partition);

    public async ValueTask DisposeAsync()
    {
        await Data.DisposeAsync();
        await _app.DropDatabaseAsync(_name);
    }
}

using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using Orders.Contracts;
using Orders.Indexer.Drift;

namespace Orders.Indexer.Analytics;

/// <summary>
/// The facts against the tables of the orders: every order with its lines, and whether it is its customer's first. What the facts add up
/// to is compared after them (<see cref="Rollups"/>).
/// </summary>
internal sealed class AnalyticsDrift(NpgsqlDataSource database, FactMending mending, IOptions<AnalyticsOptions> options) : IDriftSource
{
    /// <summary>By order, not by the fact's own time alone: a fact with a wrong time is found where it belongs.</summary>
    private const string List = """
        select f.order_id, f.version from analytics.order_facts f where f.order_id = any ($1)
        union all
        select f.order_id, f.version from analytics.order_facts f
        where ($2::timestamptz is null or f.placed_at >= $2) and ($3::timestamptz is null or f.placed_at < $3)
            and not exists (select from orders o where o.id = f.order_id)
        """;

    /// <summary>Lines of an order that nobody knows are something that it has, of no version.</summary>
    private const string Versions = """
        select f.order_id, f.version from analytics.order_facts f where f.order_id = any ($1)
        union all
        select distinct i.order_id, 0 from analytics.order_item_facts i where i.order_id = any ($1)
            and not exists (select from analytics.order_facts f where f.order_id = i.order_id)
            and not exists (select from orders o where o.id = i.order_id)
        """;

    private const string Strays = """
        select distinct i.order_id from analytics.order_item_facts i
        where not exists (select from analytics.order_facts f where f.order_id = i.order_id)
        """;

    public string Target => "analytics";

    public string Group => WireNames.Groups.Analytics;

    public ValueTask<bool> IsThereAsync(CancellationToken cancel) => ValueTask.FromResult(true);

    public bool MustHave(StoredVersion order) => true;

    public Task<Dictionary<string, int>> ListAsync(Bucket bucket, CancellationToken cancel) =>
        ReadAsync(List, cancel, bucket.Orders.Keys.ToArray(), bucket.From, bucket.Until);

    public Task<Dictionary<string, int>> VersionsAsync(IReadOnlyList<string> orderIds, CancellationToken cancel) =>
        ReadAsync(Versions, cancel, (object)orderIds.ToArray());

    public async Task<List<string>> AlteredAsync(
        IReadOnlyDictionary<string, (OrderState State, byte[] Json)> orders, CancellationToken cancel) =>
        [.. (await mending.DifferingAsync([.. orders.Keys], cancel))
            .Where(fact => fact.Version == fact.Expected && fact.Expected == orders[fact.OrderId].State.Version)
            .Select(fact => fact.OrderId)];

    public async Task<List<string>> StraysAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = Command(Strays);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var orderIds = new List<string>();
        while (await rows.ReadAsync(cancel)) orderIds.Add(rows.GetString(0));
        return orderIds;
    }

    public Task RebuildAsync(IReadOnlyList<string> orderIds, CancellationToken cancel) => mending.MendAsync([.. orderIds], cancel);

    private async Task<Dictionary<string, int>> ReadAsync(string sql, CancellationToken cancel, params object?[] arguments)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = Command(sql, arguments);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancel)) versions[rows.GetString(0)] = rows.GetInt32(1);
        return versions;
    }

    private NpgsqlCommand Command(string sql, params object?[] arguments)
    {
        var command = database.CreateCommand(sql);
        command.CommandTimeout = AnalyticsStore.Seconds(options.Value.Timeout);
        foreach (var argument in arguments) command.Parameters.Add(new() { Value = argument ?? DBNull.Value });
        return command;
    }
}

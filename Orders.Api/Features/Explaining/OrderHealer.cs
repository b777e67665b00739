using System.Diagnostics;
using System.Text.Json;
using Meilisearch;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Persistence;
using Orders.Contracts;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features.Explaining;

/// <summary>What was found, what was done about it, and how it looks now.</summary>
/// <param name="Done">What was rebuilt: <c>rows</c>, <c>search</c>, <c>cache</c>; empty when nothing had to be.</param>
/// <param name="Before">What was found.</param>
internal sealed record Healing(IReadOnlyList<string> Done, Explanation Before);

/// <summary>
/// Rebuilds what disagrees with an order's history: rows from its newest state, the cache entry from the same bytes, the search
/// document by sending the newest event once more, marked as a rebuild. Doing it twice does no harm.
/// Invariant: rows are rebuilt and the event is written under the order's row lock, so what is sent again is the newest version at
/// its place in the stream, and a change that comes at the same time comes after it.
/// </summary>
internal sealed partial class OrderHealer(
    NpgsqlDataSource database, MeilisearchClient search, OrderCache cache, OrderExplainer explainer, IOptions<ExplainOptions> options,
    ILogger<OrderHealer> logger)
{
    private const string Rows = "rows";
    private const string Search = "search";
    private const string Cache = "cache";

    /// <summary>Null when there is no such order.</summary>
    /// <exception cref="MeilisearchApiError">Search refuses to give up a document that nobody can have written.</exception>
    /// <exception cref="MeilisearchTimeoutError">It has not given it up in time; nothing else was done.</exception>
    public async Task<Healing?> HealAsync(string id, CancellationToken cancel)
    {
        if (await explainer.ExplainAsync(id, cancel) is not { } before) return null;
        var done = new List<string>();
        var indexed = before.Search is { Agrees: false, Says: not CopyEvidence.Unreachable };
        // A document of a version that does not exist yet would win over every rebuild: it goes first.
        if (before.Search.Says == CopyEvidence.Newer) await RemoveDocumentAsync(id, cancel);
        if (!before.Stored.Agrees || indexed)
        {
            await RebuildAsync(id, !before.Stored.Agrees, indexed, cancel);
            if (!before.Stored.Agrees) done.Add(Rows);
            if (indexed) done.Add(Search);
        }

        if (!before.Cache.Agrees && await ReplaceCachedAsync(id, cancel)) done.Add(Cache);
        if (done.Count > 0) LogHealed(id, string.Join(", ", done));
        return new Healing(done, before);
    }

    /// <summary>
    /// Waits until the document is gone: the indexer reads versions without waiting for tasks, so it would see the wrong one still
    /// and take the rebuild for old, and afterwards there would be no document at all.
    /// </summary>
    private async Task RemoveDocumentAsync(string id, CancellationToken cancel)
    {
        var task = await search.Index(WireNames.Indexes.Orders).DeleteOneDocumentAsync(id, cancel);
        var done = await search.WaitForTaskAsync(
            task.TaskUid, options.Value.RemovalTimeout.TotalMilliseconds, cancellationToken: cancel);
        if (done.Status is not TaskInfoStatus.Succeeded)
            throw new MeilisearchTimeoutError($"The task {task.TaskUid} that removes the document of {id} ended as {done.Status}.");
    }

    private async Task RebuildAsync(string id, bool rows, bool document, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var select = new NpgsqlCommand(
            """
            select h.version, h.state, h.type from (select id from orders where id = $1 for update) o
            join lateral (select * from order_history where order_id = o.id order by version desc limit 1) h on true
            """, connection, transaction);
        select.With(Sql.Text(id));
        var (order, type) = await NewestAsync(select, cancel);
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (rows) OrderRebuild.Add(batch.BatchCommands, order);
        if (document) batch.BatchCommands.Add(Event(order, type));
        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<(OrderState Order, string Type)> NewestAsync(NpgsqlCommand select, CancellationToken cancel)
    {
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var newest = await OrderStore.ReadAsync(rows, cancel) ?? throw new InvalidOperationException("an order without history");
        return (OrderBytes.Read(newest.Json), rows.GetString(2));
    }

    private static NpgsqlBatchCommand Event(OrderState order, string type)
    {
        var traceParent = Activity.Current?.Id;
        var again = OrderRows.Event(order, type, traceParent) with { Rebuild = true };
        return Sql.Command(
            OrderRows.InsertEvent, Sql.Text(order.Id), Sql.Whole(order.Version), Sql.Text(type), Sql.Text(traceParent),
            Sql.Json(JsonSerializer.SerializeToUtf8Bytes(again, OrdersJson.Default.OrderEvent)));
    }

    /// <summary>Puts the newest bytes in the wrong entry's place, unless somebody else has written there meanwhile.</summary>
    private async Task<bool> ReplaceCachedAsync(string id, CancellationToken cancel)
    {
        if (await cache.GetAsync(id, cancel) is not { } wrong) return true;
        await using var command = database.CreateCommand(
            "select version, state from order_history where order_id = $1 order by version desc limit 1");
        command.With(Sql.Text(id));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        return await OrderStore.ReadAsync(rows, cancel) is { } newest
            && await cache.ReplaceAsync(id, wrong, newest.Version, newest.Json, cancel);
    }

    [LoggerMessage(LogLevel.Warning, "Order {Id} disagreed with its history; rebuilt: {Parts}")]
    private partial void LogHealed(string id, string parts);
}

using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using OpenTelemetry;
using Orders.Contracts;
using Orders.Indexer.Drift;
using Orders.Indexer.Jobs;

namespace Orders.Indexer.Replaying;

/// <summary>
/// Orders once more, page by page in the order of placing, each in its newest version: through the outbox to the topic and so to every
/// projection, or into one target directly. Repeating a page does no harm, so a job that died goes on before its last page.
/// Invariant: what goes to the topic is written under the order's row lock. It is the newest version at its place in the stream, and a
/// change that comes at the same time comes after it. It is marked as a rebuild: targets write the version that they have once more,
/// and who acts on changes ignores it.
/// </summary>
internal sealed partial class ReplayJob(
    NpgsqlDataSource database, IEnumerable<IDriftSource> targets, IOptions<DriftOptions> options, ILogger<ReplayJob> logger) : IJob
{
    private const string Topic = "topic";

    private const string Page = """
        select id, placed_at from orders
        where (placed_at, id) > ($1, $2) and placed_at >= $3 and placed_at < $4 order by placed_at, id limit $5
        """;

    private const string Newest = """
        select h.type, h.traceparent, h.state from (select id, version from orders where id = any($1) order by id for update) o
        join order_history h on h.order_id = o.id and h.version = o.version
        """;

    private const string Insert = """
        insert into outbox (order_id, version, type, traceparent, payload)
        select * from unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::json[])
        """;

    public string Kind => WireNames.Jobs.Replay;

    public sealed record Wanted(string To, string[]? Orders, DateTimeOffset? From, DateTimeOffset? Until, bool? All);

    /// <summary>Progress and result.</summary>
    /// <param name="Replayed">Orders that were sent once more.</param>
    /// <param name="PlacedAt">How far it has come.</param>
    /// <param name="AfterId">How far it has come among those of one instant.</param>
    /// <param name="NotFound">Ids that were asked for and that no order has; null when orders were not asked for by id.</param>
    public sealed record State(long Replayed, DateTimeOffset? PlacedAt, string AfterId, IReadOnlyList<string>? NotFound = null);

    public async Task RunAsync(JobContext job, CancellationToken cancel)
    {
        var wanted = job.Parameters<Wanted>();
        var send = await TargetAsync(wanted.To, cancel);
        var state = job.Progress<State>() ?? new State(0, null, "");
        if (wanted.Orders is { } named)
        {
            job.SetResult(await NamedAsync(named, send, cancel));
            return;
        }

        while (await PageAsync(wanted, state, cancel) is { Count: > 0 } page)
        {
            await send([.. page.Select(order => order.Id)], cancel);
            state = new State(state.Replayed + page.Count, page[^1].PlacedAt, page[^1].Id);
            await job.SaveAsync(state, cancel);
            LogReplayed(wanted.To, state.Replayed);
        }

        job.SetResult(state);
    }

    /// <summary>Ids that no order has are sent too: a target may have a copy that it has to give up.</summary>
    private async Task<State> NamedAsync(string[] named, Func<string[], CancellationToken, Task> send, CancellationToken cancel)
    {
        var notFound = new List<string>();
        foreach (var some in named.Distinct(StringComparer.Ordinal).Chunk(options.Value.RepairSize))
        {
            await using var select = database.CreateCommand("select id from orders where id = any($1)");
            select.Parameters.Add(new() { Value = some });
            var found = new HashSet<string>(StringComparer.Ordinal);
            await using (var rows = await select.ExecuteReaderAsync(cancel))
            {
                while (await rows.ReadAsync(cancel)) found.Add(rows.GetString(0));
            }

            await send(some, cancel);
            notFound.AddRange(some.Where(id => !found.Contains(id)));
        }

        var asked = named.Distinct(StringComparer.Ordinal).Count();
        return new State(asked - notFound.Count, null, "", notFound);
    }

    private async Task<Func<string[], CancellationToken, Task>> TargetAsync(string name, CancellationToken cancel)
    {
        if (name == Topic) return PublishAsync;
        foreach (var target in targets.Where(target => target.Target == name))
        {
            if (!await target.IsThereAsync(cancel)) continue;
            return target.RebuildAsync;
        }

        throw new JobFailedException($"there is no target {name}");
    }

    private async Task<List<(string Id, DateTimeOffset PlacedAt)>> PageAsync(Wanted wanted, State state, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = database.CreateCommand(Page);
        foreach (var value in (object[])[state.PlacedAt ?? DateTimeOffset.MinValue, state.AfterId, wanted.From ?? DateTimeOffset.MinValue,
            wanted.Until ?? DateTimeOffset.MaxValue, options.Value.RepairSize]) command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var page = new List<(string, DateTimeOffset)>();
        while (await rows.ReadAsync(cancel)) page.Add(Row(rows));
        return page;
    }

    private async Task PublishAsync(string[] orderIds, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var events = new List<OrderEvent>();
        await using (var select = new NpgsqlCommand(Newest, connection, transaction) { Parameters = { new() { Value = orderIds } } })
        {
            await using var rows = await select.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) events.Add(Again(rows));
        }

        await using var insert = new NpgsqlCommand(Insert, connection, transaction);
        Add(insert, NpgsqlDbType.Text, events.ConvertAll(again => again.Subject));
        Add(insert, NpgsqlDbType.Integer, events.ConvertAll(again => again.Data.Version));
        Add(insert, NpgsqlDbType.Text, events.ConvertAll(again => again.Type));
        Add(insert, NpgsqlDbType.Text, events.ConvertAll(again => again.TraceParent));
        Add(insert, NpgsqlDbType.Json, events.ConvertAll(again => JsonSerializer.Serialize(again, OrdersJson.Default.OrderEvent)));
        await insert.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, List<T> values) =>
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values });

    private static (string Id, DateTimeOffset PlacedAt) Row(NpgsqlDataReader row) =>
        (row.GetString(0), row.GetFieldValue<DateTimeOffset>(1));

    private static OrderEvent Again(NpgsqlDataReader row)
    {
        var order = JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(2), OrdersJson.Default.OrderState)!;
        return new OrderEvent
        {
            Id = OrderEvent.IdOf(order.Id, order.Version),
            Type = row.GetString(0),
            Subject = order.Id,
            Time = order.UpdatedAt,
            TraceParent = row.IsDBNull(1) ? null : row.GetString(1),
            Rebuild = true,
            Data = order,
        };
    }

    [LoggerMessage(LogLevel.Information, "Replay to {Target}: {Orders} orders so far")]
    private partial void LogReplayed(string target, long orders);
}

internal static class ReplayExtensions
{
    public static void AddReplaying(this IHostApplicationBuilder builder) => builder.AddJob<ReplayJob>();
}

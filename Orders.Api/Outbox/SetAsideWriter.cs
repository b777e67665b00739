using Npgsql;
using OpenTelemetry;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Outbox;

/// <summary>
/// Writes down the events that Kafka has refused, whole, before the slot goes past them. An event that was refused before is one row: open
/// again if it was retried meanwhile, and otherwise as it is.
/// </summary>
internal sealed partial class SetAsideWriter(string connectionString, TimeProvider time, ILogger logger)
{
    private const string Insert = """
        insert into outbox_set_aside (id, order_id, version, type, traceparent, payload, bytes, reason, detail, set_aside_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (id) do update set state = 'open', payload = excluded.payload, bytes = excluded.bytes, reason = excluded.reason,
            detail = excluded.detail, refusals = outbox_set_aside.refusals + 1, set_aside_at = excluded.set_aside_at,
            settled_at = null, settled_by = null, note = null
        where outbox_set_aside.state = 'retried'
        """;

    /// <summary>Returns when the events are durable.</summary>
    public async Task WriteAsync(IEnumerable<Refusal> refusals, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        foreach (var (refused, error) in refusals)
        {
            await using var insert = new NpgsqlCommand(Insert, connection);
            insert.With(
                Sql.Text(OrderEvent.IdOf(refused.OrderId, refused.Version)), Sql.Text(refused.OrderId), Sql.Whole(refused.Version),
                Sql.Text(refused.Type), Sql.Text(refused.TraceParent), Sql.Json(refused.Payload), Sql.Whole(refused.Payload.Length),
                Sql.Text(error.Code.ToString()), Sql.Text(error.Reason), Sql.Instant(time.GetUtcNow()));
            await insert.ExecuteNonQueryAsync(cancel);
            LogSetAside(refused.OrderId, refused.Version, refused.Payload.Length, error.Reason);
        }
    }

    /// <summary>Removes what was settled before an instant.</summary>
    public async Task RemoveAsync(DateTimeOffset settledBefore, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var delete = new NpgsqlCommand("delete from outbox_set_aside where settled_at < $1", connection);
        delete.With(Sql.Instant(settledBefore));
        await delete.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(LogLevel.Error, "Kafka refused the event of order {OrderId} version {Version} ({Bytes} bytes): {Reason}. It is set "
        + "aside and the stream goes on without it; see /v1/admin/set-aside-events")]
    private partial void LogSetAside(string orderId, int version, int bytes, string reason);
}

using Npgsql;
using Npgsql.Replication.PgOutput.Messages;

namespace Orders.Api.Outbox;

/// <summary>One outbox row as the relay publishes it.</summary>
internal readonly record struct OutboxEvent(
    long Position, string OrderId, int Version, string Type, string? TraceParent, byte[] Payload)
{
    /// <summary>The columns that the relay reads; the replication stream brings them in the table's order.</summary>
    private const string PositionColumn = "position";
    private const string OrderIdColumn = "order_id";
    private const string VersionColumn = "version";
    private const string TypeColumn = "type";
    private const string TraceParentColumn = "traceparent";
    private const string PayloadColumn = "payload";

    public const string SelectColumns =
        $"{PositionColumn}, {OrderIdColumn}, {VersionColumn}, {TypeColumn}, {TraceParentColumn}, {PayloadColumn}";

    /// <summary>Copies the row out of the stream: Npgsql reuses the message for the next one.</summary>
    public static async ValueTask<OutboxEvent> ReadAsync(InsertMessage insert, CancellationToken cancel)
    {
        var columns = insert.Relation.Columns;
        string? orderId = null, type = null, traceParent = null;
        byte[]? payload = null;
        var (position, version, index) = (0L, 0, 0);
        await foreach (var value in insert.NewRow.WithCancellation(cancel))
        {
            switch (columns[index++].ColumnName)
            {
                case PositionColumn: position = await value.Get<long>(cancel); break;
                case OrderIdColumn: orderId = await value.Get<string>(cancel); break;
                case VersionColumn: version = await value.Get<int>(cancel); break;
                case TypeColumn: type = await value.Get<string>(cancel); break;
                case TraceParentColumn when !value.IsDBNull: traceParent = await value.Get<string>(cancel); break;
                case PayloadColumn: payload = await value.Get<byte[]>(cancel); break;
            }
        }

        return orderId is not null && type is not null && payload is not null && position > 0 && version > 0
            ? new OutboxEvent(position, orderId, version, type, traceParent, payload)
            : throw new InvalidOperationException($"the relation {insert.Relation.RelationName} is not the outbox: a column is missing");
    }

    /// <summary>From a row of <c>select {SelectColumns}</c>.</summary>
    public static OutboxEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
        row.GetFieldValue<byte[]>(5));
}

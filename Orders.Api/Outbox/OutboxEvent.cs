using Npgsql;
using Npgsql.Replication.PgOutput.Messages;

namespace Orders.Api.Outbox;

/// <summary>One outbox row as the relay publishes it.</summary>
internal readonly record struct OutboxEvent(string OrderId, string? TraceParent, byte[] Payload)
{
    /// <summary>The columns that the relay reads; the replication stream brings them in the table's order.</summary>
    private const string OrderIdColumn = "order_id";
    private const string TraceParentColumn = "traceparent";
    private const string PayloadColumn = "payload";

    public const string SelectColumns = $"{OrderIdColumn}, {TraceParentColumn}, {PayloadColumn}";

    /// <summary>Copies the row out of the stream: Npgsql reuses the message for the next one.</summary>
    public static async ValueTask<OutboxEvent> ReadAsync(InsertMessage insert, CancellationToken cancel)
    {
        var columns = insert.Relation.Columns;
        string? orderId = null, traceParent = null;
        byte[]? payload = null;
        var index = 0;
        await foreach (var value in insert.NewRow.WithCancellation(cancel))
        {
            switch (columns[index++].ColumnName)
            {
                case OrderIdColumn: orderId = await value.Get<string>(cancel); break;
                case TraceParentColumn when !value.IsDBNull: traceParent = await value.Get<string>(cancel); break;
                case PayloadColumn: payload = await value.Get<byte[]>(cancel); break;
            }
        }

        return orderId is not null && payload is not null
            ? new OutboxEvent(orderId, traceParent, payload)
            : throw new InvalidOperationException($"the relation {insert.Relation.RelationName} is not the outbox: a column is missing");
    }

    /// <summary>From a row of <c>select {SelectColumns}</c>.</summary>
    public static OutboxEvent Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetFieldValue<byte[]>(2));
}

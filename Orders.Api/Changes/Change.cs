using System.Buffers;
using System.Text.Json;
using Npgsql;
using Orders.Contracts;

namespace Orders.Api.Changes;

/// <summary>A change as the feed and the stream show it.</summary>
/// <param name="Position">Its number in the feed.</param>
/// <param name="Type">What happened, e.g. <c>orders.paid</c>.</param>
/// <param name="CustomerId">Whose order.</param>
/// <param name="Json"><c>{"position", "type", "at", "order"}</c>; the order is the stored bytes.</param>
internal sealed record Change(long Position, string Type, string CustomerId, byte[] Json)
{
    public const string SelectColumns = "c.position, c.type, c.customer_id, c.at, h.state";

    private static readonly UtcConverter Utc = new();
    private static readonly JsonSerializerOptions Options = OrdersJson.Options();

    /// <summary>From a row of <c>select {SelectColumns}</c>.</summary>
    public static Change Read(NpgsqlDataReader row)
    {
        var (position, type, at) = (row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(3));
        var order = row.GetFieldValue<byte[]>(4);
        var buffer = new ArrayBufferWriter<byte>(order.Length + 128);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = OrdersJson.Encoder }))
        {
            json.WriteStartObject();
            json.WriteNumber("position"u8, position);
            json.WriteString("type"u8, type);
            json.WritePropertyName("at"u8);
            Utc.Write(json, at, Options);
            json.WritePropertyName("order"u8);
            json.WriteRawValue(order, skipInputValidation: true);
            json.WriteEndObject();
        }

        return new Change(position, type, row.GetString(2), buffer.WrittenSpan.ToArray());
    }
}

/// <summary>Some changes in their order, and where to go on.</summary>
/// <param name="Items">The changes that were asked for.</param>
/// <param name="Next">The position up to which these are all of them.</param>
/// <param name="Newest">The newest position that there is.</param>
/// <param name="Oldest">The oldest position that is still there; 0 when there is none.</param>
internal sealed record ChangePage(IReadOnlyList<Change> Items, long Next, long Newest, long Oldest);

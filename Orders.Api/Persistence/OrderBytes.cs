using System.Text.Json;
using Orders.Contracts;

namespace Orders.Api.Persistence;

/// <summary>Between an order and the bytes that are stored, cached and answered.</summary>
internal static class OrderBytes
{
    public static byte[] Of(OrderState order) => JsonSerializer.SerializeToUtf8Bytes(order, OrdersJson.Default.OrderState);

    public static OrderState Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, OrdersJson.Default.OrderState) ?? throw new JsonException("an order cannot be null");

    /// <summary>Whether the order is that customer's, without reading more of it than it takes.</summary>
    public static bool IsOf(ReadOnlySpan<byte> json, string customerId)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
            var isCustomer = reader.ValueTextEquals("customer"u8);
            reader.Read();
            if (!isCustomer)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                reader.Read();
                if (isId) return reader.ValueTextEquals(customerId);
                reader.Skip();
            }
        }

        return false;
    }
}

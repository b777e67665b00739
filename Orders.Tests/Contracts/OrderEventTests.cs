using System.Text;
using System.Text.Json;
using Orders.Contracts;

namespace Orders.Tests.Contracts;

/// <summary>The wire format, byte for byte. A difference here is a change of contract: add a version, do not edit the file.</summary>
[Unit]
public sealed class OrderEventTests
{
    private static readonly byte[] Golden =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Contracts", "Golden", "order.placed.v1.json"));

    [Fact]
    public void An_event_is_written_byte_for_byte_as_agreed() =>
        Assert.Equal(Encoding.UTF8.GetString(Golden).TrimEnd('\n'),
            Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(Placed(), OrdersJson.Default.OrderEvent)));

    [Fact]
    public void An_event_reads_back_as_it_was() =>
        Assert.Equivalent(Placed(), JsonSerializer.Deserialize(Golden, OrdersJson.Default.OrderEvent), strict: true);

    [Fact]
    public void Fields_of_a_newer_producer_survive()
    {
        var newer = Encoding.UTF8.GetString(Golden)
            .Replace("\"data\":{", "\"sequence\":\"9\",\"data\":{\"gift_note\":{\"text\":\"felicidades\"},", StringComparison.Ordinal);
        var passedOn = JsonSerializer.Serialize(
            JsonSerializer.Deserialize(newer, OrdersJson.Default.OrderEvent)!, OrdersJson.Default.OrderEvent);
        Assert.Contains("\"sequence\":\"9\"", passedOn, StringComparison.Ordinal);
        Assert.Contains("\"gift_note\":{\"text\":\"felicidades\"}", passedOn, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"version\":1,", "")]
    [InlineData("\"status\":\"placed\"", "\"status\":\"lost\"")]
    [InlineData("\"total\":39.80,\"total_weight\"", "\"total\":\"much\",\"total_weight\"")]
    public void A_broken_event_is_refused(string part, string broken)
    {
        var text = Encoding.UTF8.GetString(Golden);
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize(
            text.Replace(part, broken, StringComparison.Ordinal), OrdersJson.Default.OrderEvent));
    }

    private static OrderEvent Placed()
    {
        var at = new DateTimeOffset(2026, 11, 21, 12, 0, 0, 123, 456, TimeSpan.Zero);
        const string id = "ord-019aa4c0-0000-7000-8000-000000000001";
        return new OrderEvent
        {
            Id = OrderEvent.IdOf(id, 1),
            Type = OrderEventTypes.For(OrderStatus.Placed),
            Subject = id,
            Time = at,
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Data = new OrderState
            {
                Id = id, Number = "7K3M-9QXT", Status = OrderStatus.Placed, Version = 1, Channel = "web",
                Customer = new CustomerSnapshot { Id = "cus-1", Name = "Íñigo \"Kike\" Ríos 😀", Email = "kike@example.com",
                    Phone = "+34600000000" },
                Destination = new AddressSnapshot
                {
                    Id = "add-1", Road = "Calle de Alcalá", HouseNumber = "1", Neighborhood = "Sol", Suburb = "Sol",
                        CityDistrict = "Centro",
                    State = "Comunidad de Madrid", Postcode = "28014", Country = "España", Lat = 40.4169, Lon = -3.7035,
                },
                Items =
                [
                    new OrderItemState
                    {
                        Line = 1, ProductId = "pro-1", Sku = "SKU-1", Name = "Lámpara", Description = "", Category = "hogar",
                        UnitPrice = 19.90m, Weight = 1.250m, Quantity = 2, Total = 39.80m,
                    },
                ],
                Currency = "EUR", Subtotal = 39.80m, Discount = 0.00m, Shipping = 0.00m, Tax = 6.91m, Total = 39.80m, TotalWeight = 2.500m,
                PlacedAt = at, UpdatedAt = at,
            },
        };
    }
}

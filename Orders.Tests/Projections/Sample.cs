using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Contracts;
using Orders.Indexer.Streams;

namespace Orders.Tests.Projections;

/// <summary>Events as the api writes them, and records made of them.</summary>
internal static class Sample
{
    public const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static OrderEvent Event(string id = "ord-1", int version = 1) => new()
    {
        Id = OrderEvent.IdOf(id, version),
        Type = OrderEventTypes.Placed,
        Subject = id,
        Time = Noon.AddSeconds(version),
        TraceParent = TraceParent,
        Data = Order(id, version),
    };

    public static OrderState Order(string id = "ord-1", int version = 1) => new()
    {
        Id = id,
        Number = "7Q2M-K9TX",
        Status = OrderStatus.Placed,
        Version = version,
        Channel = "web",
        Customer = new CustomerSnapshot { Id = "cus-1", Name = "Begoña Núñez", Email = "b@example.org", Phone = "+34 600 000 001" },
        Destination = new AddressSnapshot
        {
            Id = "add-1", Road = "Calle de Alcalá", HouseNumber = "1", Neighborhood = "Sol", Suburb = "Centro",
            CityDistrict = "Centro", State = "Madrid", Postcode = "28014", Country = "España", Lat = 40.4169, Lon = -3.7034,
        },
        Items =
        [
            new OrderItemState
            {
                Line = 1, ProductId = "pro-1", Sku = "SKU-1", Name = "Tetera", Description = "1 l", Category = "Cocina",
                UnitPrice = 10.00m, Weight = 0.500m, Quantity = 2, Total = 20.00m,
            },
        ],
        Currency = "EUR",
        Subtotal = 20.00m,
        Discount = 0.00m,
        Shipping = 4.95m,
        Tax = 4.33m,
        Total = 24.95m,
        TotalWeight = 1.000m,
        PlacedAt = Noon,
        UpdatedAt = Noon.AddSeconds(version),
    };

    public static byte[] Bytes(OrderEvent order) => JsonSerializer.SerializeToUtf8Bytes(order, OrdersJson.Default.OrderEvent);

    public static RawEvent Raw(OrderEvent order, int partition = 0, long offset = 0) =>
        new(partition, offset, Encoding.UTF8.GetBytes(order.Subject), Bytes(order));

    public static RawEvent Raw(string json, int partition = 0, long offset = 0) =>
        new(partition, offset, null, Encoding.UTF8.GetBytes(json));

    /// <summary>The sample event with one change to its JSON.</summary>
    public static RawEvent Edited(Action<JsonObject> edit)
    {
        var json = JsonNode.Parse(Bytes(Event()))!.AsObject();
        edit(json);
        return new RawEvent(0, 0, null, Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    public static StreamEvent Taken(string id, int version, int partition = 0, long offset = 0) =>
        EventDecoder.Decode(Raw(Event(id, version), partition, offset), Noon, out _)
        ?? throw new InvalidOperationException("the sample event must decode");
}

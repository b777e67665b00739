using System.Text;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Inbound;

public sealed class ChangingByCommand(OrdersApplication app) : ApplicationTests
{
    private readonly InboundTopic _topic = new(app);

    [Fact]
    public async Task A_life_told_by_commands_is_lived_once_however_often_each_is_delivered()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(price: 70m, stock: 10);
        var order = await shop.PlaceAsync((product, 2));
        var id = order.Id;

        await _topic.SendAsync(id,
        [
            InboundTopic.Command("orders.confirm", new { order_id = id }),
            InboundTopic.Command("orders.pay", new { order_id = id, method = "card", reference = "psp-1", amount = order.Total }),
            InboundTopic.Command("orders.ship", new { order_id = id, carrier = "SEUR", tracking = "T-1", lines = Pieces(1, 1) }),
            InboundTopic.Command("orders.ship", new { order_id = id, carrier = "SEUR", tracking = "T-2" }),
            InboundTopic.Command("orders.deliver", new { order_id = id }),
            InboundTopic.Command("orders.return", new { order_id = id, lines = Pieces(1, 1), reason = "too bright" }),
            InboundTopic.Command("orders.return", new { order_id = id }),
        ], times: 3);
        await _topic.DrainAsync(id);

        string[] life = ["placed", "confirmed", "paid", "partly_shipped", "shipped", "delivered", "partly_returned", "returned"];
        Assert.Equal(
            life.Select((type, index) => (index + 1, "orders." + type)),
            (await shop.HistoryAsync(id)).Select(entry => (entry.Version, entry.Type)).Order());
        var stored = await _topic.OrderAsync(shop);
        Assert.Equal(["T-1", "T-2"], stored.Shipments!.Select(parcel => parcel.Tracking));
        Assert.Equal(
            (OrderStatus.Returned, order.Total, "too bright"), (stored.Status, stored.Payment!.Amount, stored.Returns![0].Reason));
        Assert.Equal(Shop.Json(stored), await shop.GetTextAsync(id));
        Assert.Equal(10, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
        Assert.Equal(OrderStatus.Returned, (await shop.FoundAsync(stored)).Single(hit => hit.Id == id).Status);
        Assert.Empty(await _topic.LettersAsync(id));
    }

    [Theory]
    [InlineData("orders.cancel", "cancelled")]
    [InlineData("orders.fail", "failed")]
    public async Task What_ends_an_order_gives_its_pieces_back_once(string type, string status)
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 10);
        var externalId = Guid.NewGuid().ToString();

        // Placed and ended by the other system's own id, without ever knowing ours.
        await _topic.SendAsync(externalId,
        [
            InboundTopic.Place(shop, product, quantity: 3, externalId: externalId),
            InboundTopic.Command(type, new { external_id = externalId, reason = "no money" }),
        ], times: 3);
        await _topic.DrainAsync(externalId);

        var stored = await _topic.OrderAsync(shop);
        Assert.Equal((status, 2, "no money"), (stored.Status.ToWire(), stored.Version, stored.Reason));
        Assert.Equal(10, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
        Assert.Equal(stored.Status, (await shop.FoundAsync(stored)).Single().Status);
        Assert.Empty(await _topic.LettersAsync(externalId));
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "orders.deliver", """{"order_id":"$order"}""", "illegal_move" },
        { "orders.pay", """{"order_id":"$order","method":"card","amount":1.00}""", "illegal_move" },
        { "orders.cancel", """{"order_id":"ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00"}""", "unknown_order" },
        { "orders.cancel", """{"order_id":"nonsense"}""", "unknown_order" },
        { "orders.cancel", """{"external_id":"nobody's"}""", "unknown_order" },
        { "orders.cancel", """{"order_id":"$order","external_id":"x"}""", "malformed_data" },
        { "orders.cancel", """{"reason":"whose?"}""", "malformed_data" },
        { "orders.cancel", """{"order_id":"$order","reson":"a slip"}""", "malformed_data" },
        { "orders.cancel", """{"order_id":"$order","order_id":"$order"}""", "malformed_data" },
        { "orders.confirm", """{"order_id":"$order","extra":1}""", "malformed_data" },
        { "orders.confirm", "[]", "malformed_data" },
        { "orders.ship", """{"order_id":"$order"}""", "malformed_data" },
        { "orders.ship", """{"order_id":"$order","carrier":"SEUR","lines":[{"line":1,"quantity":0}]}""", "malformed_data" },
        { "orders.cancel", """{"order_id":"$order","reason":"\ud800"}""", "malformed_json" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_done_changes_nothing_and_is_a_dead_letter_as_it_came(string type, string data, string reason)
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        // A key of any bytes: what is no text is kept as well.
        var key = "\u00ff\u0080" + Guid.NewGuid();
        var filled = data.Replace("$order", order.Id, StringComparison.Ordinal);
        var value = Encoding.UTF8.GetBytes(
            $$"""{"specversion":"1.0","id":"{{Guid.NewGuid()}}","source":"/erp","type":"{{type}}","data":{{filled}}}""");

        var sent = await _topic.SendAsync(key, value);
        await _topic.DrainAsync(key);

        var letter = await _topic.LetterAsync(key);
        Assert.Equal(
            (reason, "orders-inbound", sent.Topic, sent.Partition.Value, sent.Offset.Value),
            (letter.Reason, letter.Group, letter.Topic, letter.Partition, letter.Offset));
        Assert.Equal(value, letter.Value);
        Assert.False(string.IsNullOrWhiteSpace(letter.Detail));
        Assert.Equal(Shop.Json(order), Shop.Json(await _topic.OrderAsync(shop)));
    }

    [Fact]
    public async Task An_id_that_comes_again_with_something_else_is_refused()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var id = Guid.NewGuid().ToString();

        await _topic.SendAsync(id,
        [
            InboundTopic.Command("orders.confirm", new { order_id = order.Id }, id),
            InboundTopic.Command("orders.cancel", new { order_id = order.Id }, id),
        ]);
        await _topic.DrainAsync(id);

        Assert.Equal("idempotency_key_reused", (await _topic.LetterAsync(id)).Reason);
        Assert.Equal(OrderStatus.Confirmed, (await _topic.OrderAsync(shop)).Status);
    }

    private static object[] Pieces(int line, int quantity) => [new { line, quantity }];
}

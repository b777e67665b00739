using System.Globalization;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Inbound;

/// <summary>The bare record of a stream that names neither products nor itself: a customer and an amount.</summary>
public sealed class AmountOrders(OrdersApplication app) : ApplicationTests
{
    private readonly InboundTopic _topic = new(app);

    [Fact]
    public async Task A_bare_record_is_an_order_of_that_amount()
    {
        var shop = await Shop.OpenAsync(app);
        await _topic.SendAsync("partitionKey", $$"""{"customer_id": "{{shop.CustomerId}}", "amount": 250.00}""");
        await Eventually.Get(() => _topic.CountAsync(shop), count => count == 1, "the order is placed");

        var order = await _topic.OrderAsync(shop);
        var line = Assert.Single(order.Items);
        Assert.Equal(
            (250.00m, 250.00m, 0.00m, 43.39m, 0.000m, "EUR", "stream"),
            (order.Total, order.Subtotal, order.Shipping, order.Tax, order.TotalWeight, order.Currency, order.Channel));
        Assert.Equal(("pro-amount", "AMOUNT", 1, 250.00m), (line.ProductId, line.Sku, line.Quantity, line.UnitPrice));
        Assert.Equal((shop.CustomerId, shop.AddressId), (order.Customer.Id, order.Destination.Id));
        Assert.Equal(250.00m, (await shop.FoundAsync(order)).Single().Total);
        Assert.Equal(["orders.placed"], (await shop.HistoryAsync(order.Id)).Select(entry => entry.Type));

        // It took nothing from a shelf, and gives nothing back.
        var cancelled = await shop.DoAsync(order, "cancel");
        Assert.Equal(OrderStatus.Cancelled, (await shop.FoundAsync(cancelled)).Single().Status);
        Assert.False(await app.Database.ScalarAsync<bool>("select stock_taken from orders where id = $1", order.Id));
    }

    [Fact]
    public async Task Amounts_are_kept_to_the_cent()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var shop = await Shop.OpenAsync(app);
        decimal[] amounts =
            [0.01m, 9_999_999_999.99m, 59.99m, 60.00m, .. Enumerable.Range(0, 60).Select(_ => random.Next(1, 100_000_000) / 100m)];

        await _topic.SendAsync(shop.CustomerId, amounts.Select(amount => string.Create(
            CultureInfo.InvariantCulture, $$"""{"customer_id":"{{shop.CustomerId}}","amount":{{amount}}}""")));
        await Eventually.Get(() => _topic.CountAsync(shop), count => count == amounts.Length, $"all are placed (seed {seed})");

        var stored = await app.Database.ListAsync<decimal>(
            "select total from orders where customer_id = $1 order by total", shop.CustomerId);
        Assert.Equal(amounts.Order(), stored);
        Assert.Equal(amounts.Sum(), await app.Database.ScalarAsync<decimal>(
            "select sum(i.total) from order_items i join orders o on o.id = i.order_id where o.customer_id = $1", shop.CustomerId));
    }

    [StormFact]
    public async Task Two_equal_records_are_two_orders_and_one_that_names_itself_is_one()
    {
        var shop = await Shop.OpenAsync(app);
        var key = Guid.NewGuid().ToString();
        var nameless = $$"""{"customer_id":"{{shop.CustomerId}}","amount":10}""";
        var named = $$"""{"id":"{{key}}","customer_id":"{{shop.CustomerId}}","amount":20}""";

        await _topic.SendAsync(key, [nameless, nameless, named, named, named]);
        await _topic.DrainAsync(key);

        Assert.Equal([10.00m, 10.00m, 20.00m], await app.Database.ListAsync<decimal>(
            "select total from orders where customer_id = $1 order by total", shop.CustomerId));
        Assert.Empty(await _topic.LettersAsync(key));
    }

    [Theory]
    [InlineData("""{"customer_id":"$customer","amount":0}""", "invalid_request")]
    [InlineData("""{"customer_id":"$customer","amount":-1}""", "invalid_request")]
    [InlineData("""{"customer_id":"$customer","amount":0.001}""", "invalid_request")]
    [InlineData("""{"customer_id":"$customer","amount":10000000000}""", "invalid_request")]
    [InlineData("""{"customer_id":"$customer"}""", "invalid_request")]
    [InlineData("""{"customer_id":"$customer","amount":"12.00"}""", "malformed_data")]
    [InlineData("""{"customer_id":"$customer","amount":12,"currency":"USD"}""", "malformed_data")]
    [InlineData("""{"id":7,"customer_id":"$customer","amount":12}""", "malformed_data")]
    [InlineData("""{"customer_id":"12345","amount":250.00}""", "unusable_reference")]
    public async Task What_is_no_order_of_an_amount_is_a_dead_letter(string value, string reason)
    {
        var shop = await Shop.OpenAsync(app);
        var key = Guid.NewGuid().ToString();

        await _topic.SendAsync(key, value.Replace("$customer", shop.CustomerId, StringComparison.Ordinal));
        await _topic.DrainAsync(key);

        Assert.Equal(reason, (await _topic.LetterAsync(key)).Reason);
        Assert.Equal(0, await _topic.CountAsync(shop));
    }

    [Fact]
    public async Task An_amount_may_come_as_a_command_too()
    {
        var shop = await Shop.OpenAsync(app);
        var key = Guid.NewGuid().ToString();
        var data = new { customer_id = shop.CustomerId, amount = 12.34m, channel = "telephone", external_id = key };

        await _topic.SendAsync(key, [InboundTopic.Command("orders.place_amount", data, key)], times: 3);
        await _topic.DrainAsync(key);

        var order = await _topic.OrderAsync(shop);
        Assert.Equal((12.34m, "telephone", key), (order.Total, order.Channel, order.ExternalId));
    }
}

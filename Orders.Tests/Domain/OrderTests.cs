using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Tests.Domain;

[Unit]
public sealed class OrderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, 123, 456, TimeSpan.Zero);

    [Fact]
    public void A_new_order_copies_the_product_and_adds_up()
    {
        var lamp = Sample.Product("pro-1", 19.99m, 0.5m);
        var change = Order.Place(Sample.Draft((lamp, 3), (Sample.Product("pro-2", 0.01m, 2.25m), 2)), Sample.Prices, Noon).Value!;
        lamp.Name = "renamed";
        lamp.Price = 1m;

        var order = change.Order;
        Assert.Equal(("Lámpara", 19.99m, 59.97m), (order.Items[0].Name, order.Items[0].UnitPrice, order.Items[0].Total));
        Assert.Equal((59.99m, 8.95m, 68.94m, 11.96m, 6.000m),
            (order.Subtotal, order.Shipping, order.Total, order.Tax, order.TotalWeight));
        Assert.Equal((OrderStatus.Placed, 1, "EUR"), (order.Status, order.Version, order.Currency));
        Assert.Equal([new StockMove("pro-1", 3), new StockMove("pro-2", 2)], change.Stock);
        Assert.Equal((OrderEventTypes.Placed, 0), (change.Type, change.From));
    }

    [Fact]
    public void Ids_sort_by_time_and_numbers_are_readable()
    {
        var first = Placed(Noon);
        var later = Placed(Noon.AddMilliseconds(5));
        Assert.True(OrderIds.IsId(first.Id));
        Assert.True(string.CompareOrdinal(first.Id, later.Id) < 0);
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$", first.Number);
    }

    [Fact]
    public void Instants_are_cut_to_what_the_database_keeps() =>
        Assert.Equal(Noon, Placed(Noon.AddTicks(7)).PlacedAt);

    [Fact]
    public void A_suspended_customer_is_refused() =>
        AssertRefused("customer_id", Sample.Draft((Sample.Product(), 1)) with { Customer = Sample.Customer("suspended") });

    [Fact]
    public void Another_customers_address_is_refused() =>
        AssertRefused("address_id",
            Sample.Draft((Sample.Product(), 1)) with { Address = new Address { ClientId = "cus-2", AddressId = "add-2" } });

    [Fact]
    public void An_inactive_product_is_refused()
    {
        var product = Sample.Product("pro-2");
        product.Active = false;
        AssertRefused("items[1].product_id", Sample.Draft((Sample.Product(), 1), (product, 1)));
    }

    [Fact]
    public void Mixed_currencies_are_refused()
    {
        var product = Sample.Product("pro-2");
        product.Currency = "USD";
        AssertRefused("items[1].product_id", Sample.Draft((Sample.Product(), 1), (product, 1)));
    }

    [Fact]
    public void A_total_that_the_column_cannot_hold_is_refused() =>
        AssertRefused("items", Sample.Draft(
            [.. Enumerable.Range(0, 20).Select(i => (Sample.Product($"pro-{i}", Product.PriceMax), 1000))]));

    [Theory]
    [InlineData("0", "0.00")]
    [InlineData("1", "0.17")]
    [InlineData("121", "21.00")]
    [InlineData("0.03", "0.01")]
    public void The_contained_vat_is_rounded_to_the_cent(string gross, string vat) =>
        Assert.Equal(decimal.Parse(vat, System.Globalization.CultureInfo.InvariantCulture),
            Vat.In(decimal.Parse(gross, System.Globalization.CultureInfo.InvariantCulture), 21, "EUR"));

    private static void AssertRefused(string field, OrderDraft draft) =>
        Assert.Equal(field, Assert.IsType<OrderError.Unusable>(Order.Place(draft, Sample.Prices, Noon).Error).Field);

    private static OrderState Placed(DateTimeOffset at) => Sample.Placed(at, (Sample.Product(), 1));
}

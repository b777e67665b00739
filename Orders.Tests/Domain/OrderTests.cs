using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Tests.Domain;

public sealed class OrderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, 123, 456, TimeSpan.Zero);

    [Fact]
    public void A_new_order_copies_the_product_and_adds_up()
    {
        var lamp = Product("pro-1", 19.99m, 0.5m);
        var order = Placed((lamp, 3), (Product("pro-2", 0.01m, 2.25m), 2));
        lamp.Name = "renamed";
        lamp.Price = 1m;

        var state = order.ToState();
        Assert.Equal(("Lámpara", 19.99m, 59.97m), (state.Items[0].Name, state.Items[0].UnitPrice, state.Items[0].Total));
        Assert.Equal((59.99m, 59.99m, 10.41m, 6.000m), (state.Subtotal, state.Total, state.Tax, state.TotalWeight));
        Assert.Equal((OrderStatus.Placed, 1, "EUR"), (state.Status, state.Version, state.Currency));
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
    public void Cancelling_a_placed_order_raises_its_version()
    {
        var order = Placed(Noon);
        Assert.Null(order.Cancel("too late", Noon.AddHours(1)));
        Assert.Equal((OrderStatus.Cancelled, 2, "too late"), (order.Status, order.Version, order.Reason));
        Assert.Equal(Noon.AddHours(1), order.CancelledAt);
        Assert.Equal(Noon.AddHours(1), order.UpdatedAt);
        Assert.Equal(Noon, order.PlacedAt);
    }

    [Fact]
    public void Cancelling_a_cancelled_order_is_refused_and_changes_nothing()
    {
        var order = Placed(Noon);
        order.Cancel(null, Noon);
        var before = order.ToState();
        var refusal = order.Cancel("again", Noon.AddHours(1));
        Assert.Equal(new OrderError.IllegalMove(order.Id, OrderStatus.Cancelled, OrderStatus.Cancelled), refusal);
        Assert.Equivalent(before, order.ToState(), strict: true);
    }

    [Fact]
    public void A_suspended_customer_is_refused() =>
        AssertRefused("customer_id", Draft([(Product("pro-1", 1m, 1m), 1)]) with { Customer = Customer("suspended") });

    [Fact]
    public void Another_customers_address_is_refused() =>
        AssertRefused("address_id",
            Draft([(Product("pro-1", 1m, 1m), 1)]) with { Address = new Address { ClientId = "cus-2",
            AddressId = "add-2" } });

    [Fact]
    public void An_inactive_product_is_refused()
    {
        var product = Product("pro-2", 1m, 1m);
        product.Active = false;
        AssertRefused("items[1].product_id", Draft([(Product("pro-1", 1m, 1m), 1), (product, 1)]));
    }

    [Fact]
    public void Mixed_currencies_are_refused()
    {
        var product = Product("pro-2", 1m, 1m);
        product.Currency = "USD";
        AssertRefused("items[1].product_id", Draft([(Product("pro-1", 1m, 1m), 1), (product, 1)]));
    }

    [Fact]
    public void A_total_that_the_column_cannot_hold_is_refused() =>
        AssertRefused("items", Draft(
            [.. Enumerable.Range(0, 20).Select(i => (Product($"pro-{i}", Api.Domain.Product.PriceMax, 1m), 1000))]));

    [Theory]
    [InlineData("0", "0.00")]
    [InlineData("1", "0.17")]
    [InlineData("121", "21.00")]
    [InlineData("0.03", "0.01")]
    public void The_contained_vat_is_rounded_to_the_cent(string gross, string vat) =>
        Assert.Equal(decimal.Parse(vat, System.Globalization.CultureInfo.InvariantCulture),
            Money.VatIn(decimal.Parse(gross, System.Globalization.CultureInfo.InvariantCulture)));

    private static void AssertRefused(string field, OrderDraft draft) =>
        Assert.Equal(field, Assert.IsType<OrderError.Unusable>(Order.Place(draft, Noon).Error).Field);

    private static Order Placed(params (Product, int)[] lines) => Order.Place(Draft(lines), Noon).Value!;

    private static Order Placed(DateTimeOffset at) => Order.Place(Draft([(Product("pro-1", 1m, 1m), 1)]), at).Value!;

    private static OrderDraft Draft(IReadOnlyList<(Product, int)> lines) =>
        new(Customer("active"), new Address { ClientId = "cus-1", AddressId = "add-1", Lat = "40.4", Lon = "-3.7" }, "web", lines);

    private static Customer Customer(string status) => new()
    {
        ClientId = "cus-1", FirstName = "Ana", LastName = "Ruiz", Email = "ana@example.com", PhoneNumber = "+34600000000", Status = status,
    };

    private static Product Product(string id, decimal price, decimal weight) => new()
    {
        Id = id, Sku = id, Name = "Lámpara", Description = "", Category = "hogar", Manufacturer = "", Price = price, Currency = "EUR",
        Weight = weight, Stock = 1, Active = true, CreatedAt = Noon, UpdatedAt = Noon,
    };
}

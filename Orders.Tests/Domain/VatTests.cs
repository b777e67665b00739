using Orders.Api.Domain;
using Orders.Api.Features.Placing;
using Orders.Contracts;

namespace Orders.Tests.Domain;

/// <summary>VAT by tax class and destination; an order keeps its rates.</summary>
[Unit]
public sealed class VatTests
{
    [Theory]
    [InlineData("España", "28014", "standard", 21)]
    [InlineData("España", "28014", "reduced", 10)]
    [InlineData("España", "28014", "super_reduced", 4)]
    [InlineData("España", "28014", "zero", 0)]
    [InlineData("españa", "35001", "standard", 0)]
    [InlineData("Spain", "38670", "reduced", 0)]
    [InlineData("France", "35000", "standard", 21)]
    public void The_rate_follows_from_class_and_destination(string country, string postcode, string taxClass, int percent)
    {
        var place = Order.Snapshot(new Address { ClientId = "c", AddressId = "a", Country = country, Postcode = postcode });
        Assert.Equal(percent, VatTable.Shipped.RatesAt(place).Of(taxClass));
    }

    [Fact]
    public void The_table_is_an_option()
    {
        var prices = new PricingOptions { VatZones = [new VatZoneOptions { Name = "all", Standard = 16, Reduced = 7 }] }.ToPriceList();
        var rates = prices.Vat.RatesAt(Order.Snapshot(new Address { ClientId = "c", AddressId = "a", Postcode = "35001", Country = "ES" }));
        Assert.Equal((16m, 7m), (rates.Of(TaxClasses.Standard), rates.Of(TaxClasses.Reduced)));
    }

    [Fact]
    public void Every_line_has_its_tax_and_the_parts_are_the_whole()
    {
        var order = Ordered((Of("pro-1", 12.10m, TaxClasses.Standard), 1), (Of("pro-2", 11m, TaxClasses.Reduced), 1),
            (Of("pro-3", 5m, TaxClasses.Zero), 1));
        Assert.Equal([(21m, 2.10m), (10m, 1.00m), (0m, 0.00m)], order.Items.Select(item => (item.TaxRate!.Value, item.Tax!.Value)));
        Assert.Equal((5.95m, 21m, 3.10m + 1.03m), (order.Shipping, order.ShippingTaxRate!.Value, order.Tax));

        var cents = Ordered([.. Enumerable.Range(0, 7).Select(n => (Of($"pro-{n}", 0.03m, TaxClasses.Standard, 0m), 1))]);
        Assert.Equal(Vat.In(0.21m, 21, "EUR"), cents.Tax);
        Assert.Equal(cents.Tax, cents.Items.Sum(item => item.Tax));
    }

    [Fact]
    public void An_edit_keeps_the_rates_and_taxes_what_it_adds_by_todays_table()
    {
        var order = Ordered((Of("pro-1", 100m, TaxClasses.Reduced), 1));
        var today = Of("pro-1", 100m, TaxClasses.Standard);
        var edited = order.Edit(new OrderEdit(null, [("pro-1", 2)], new Dictionary<string, Product> { ["pro-1"] = today }),
            Sample.Prices, Sample.Noon).Value!.Order;
        Assert.Equal([10m, 21m], edited.Items.Select(item => item.TaxRate!.Value));
        Assert.Equal([9.09m, 17.36m], edited.Items.Select(item => item.Tax!.Value));
        Assert.Equal(26.45m, edited.Tax);
    }

    [Fact]
    public void An_order_of_the_time_before_rates_is_taxed_as_it_was()
    {
        var order = Ordered((Of("pro-1", 100m, TaxClasses.Reduced), 2));
        order = order with { ShippingTaxRate = null, Items = [order.Items[0] with { TaxRate = null, Tax = null }] };
        var edited = order.Edit(
            new OrderEdit(null, [("pro-1", 1)], new Dictionary<string, Product>()), Sample.Prices, Sample.Noon).Value!.Order;
        Assert.Equal((17.36m, null, null), (edited.Tax, edited.Items[0].TaxRate, edited.Items[0].Tax));
    }

    private static OrderState Ordered(params (Product, int)[] lines) =>
        Order.Place(Sample.Draft(lines), Sample.Prices, Sample.Noon).Value!.Order;

    private static Product Of(string id, decimal price, string taxClass, decimal weight = 1m)
    {
        var product = Sample.Product(id, price, weight);
        product.TaxClass = taxClass;
        return product;
    }
}

using Orders.Api.Domain;
using Orders.Api.Features.Placing;
using Orders.Contracts;

namespace Orders.Tests.Domain;

/// <summary>Money knows its currency's decimals.</summary>
[Unit]
public sealed class CurrencyTests
{
    [Theory]
    [InlineData("JPY", "100.5", "101.00")]
    [InlineData("EUR", "1.005", "1.01")]
    [InlineData("KWD", "1.0005", "1.001")]
    [InlineData("CLF", "1.00005", "1.0001")]
    [InlineData("EUR", "5", "5.00")]
    [InlineData("KWD", "5", "5.000")]
    public void Amounts_are_rounded_to_the_currencys_decimals_and_shown_with_two_at_least(string code, string amount, string rounded) =>
        Assert.Equal(rounded, Text(Money.Round(Number(amount), code)));

    [Theory]
    [InlineData("EUR", true)]
    [InlineData("ESP", true)]
    [InlineData("ZZZ", false)]
    [InlineData("eur", false)]
    [InlineData(null, false)]
    public void A_currency_is_a_code_of_the_standard(string? code, bool exists) => Assert.Equal(exists, Currencies.Exists(code));

    [Fact]
    public void A_discount_of_dinars_is_shared_by_the_fils()
    {
        var draft = Sample.Draft((Dinars("pro-1"), 1), (Dinars("pro-2"), 1), (Dinars("pro-3"), 1)) with
        {
            Discount = new Discount { Code = "X", Amount = 1m, MinSubtotal = 0, Uses = 0, Active = true },
        };
        var order = Order.Place(draft, Sample.Prices with { Currency = "KWD" }, Sample.Noon).Value!.Order;
        Assert.Equal(["0.334", "0.333", "0.333"], order.Items.Select(item => Text(item.Discount!.Value)));
    }

    [Fact]
    public void A_refund_has_the_decimals_of_the_orders_currency()
    {
        var order = Sample.InStatus(OrderStatus.Paid) with { Currency = "JPY" };
        Assert.Equal("amount", Assert.IsType<OrderError.Unusable>(order.Refund(0.5m, null, null, Sample.Noon).Error).Field);
    }

    [Fact]
    public void A_price_list_that_would_be_rounded_is_refused()
    {
        Assert.True(new PricingOptions().IsSound());
        Assert.False(new PricingOptions { Currency = "JPY", FreeShippingFrom = 6000, PerKilogramAbove = 60 }.IsSound());
        Assert.False(new PricingOptions { Currency = "ZZZ" }.IsSound());
    }

    private static Product Dinars(string id) => new()
    {
        Id = id, Sku = id, Name = id, Description = "", Category = "", Manufacturer = "", Price = 10, Currency = "KWD", Weight = 0,
        Stock = 1, Active = true, CreatedAt = Sample.Noon, UpdatedAt = Sample.Noon,
    };

    private static string Text(decimal amount) => amount.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

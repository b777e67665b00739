using FsCheck;
using FsCheck.Fluent;
using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Tests.Domain;

/// <summary>Rounding: whole cents, halves away from zero, VAT contained; sums add up to the cent whatever is bought.</summary>
[Unit]
public sealed class PricingTests
{
    [Fact]
    public void Sums_add_up_to_the_cent() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Orders(), bought =>
        {
            var change = Order.Place(Draft(bought), Sample.Prices, Sample.Noon);
            if (change.Value is not { } placed) return change.Error is OrderError.Unusable { Field: "items" };
            var order = placed.Order;
            return order.Subtotal == order.Items.Sum(item => item.Total)
                && order.Discount == order.Items.Sum(item => item.Discount ?? 0)
                && order.Items.All(item => item.Total == item.UnitPrice * item.Quantity && item.Discount is null or > 0 && (
                    item.Discount ?? 0) <= item.Total)
                && order.Total == order.Subtotal - order.Discount + order.Shipping
                && order.Total >= 0 && order.Shipping >= 0
                && Math.Abs((order.Tax * 1.21m) - (order.Total * 0.21m)) <= 0.005m * 1.21m
                && Amounts(order).All(amount => amount == decimal.Round(amount, 2) && amount.Scale == 2);
        }));

    [Fact]
    public void Editing_an_order_to_what_it_was_changes_no_amount() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Orders(), bought =>
        {
            if (Order.Place(Draft(bought), Sample.Prices, Sample.Noon).Value?.Order is not { } order) return true;
            var lines = order.Items.GroupBy(item => item.ProductId).Select(group => (group.Key, group.Sum(item => item.Quantity))).ToList();
            var edit = new OrderEdit(null, lines, new Dictionary<string, Product>());
            var edited = order.Edit(edit, Sample.Prices, Sample.Noon).Value!;
            return edited.Stock.Count == 0
                && (edited.Order.Subtotal, edited.Order.Discount, edited.Order.Shipping, edited.Order.Total, edited.Order.Tax)
                    == (order.Subtotal, order.Discount, order.Shipping, order.Total, order.Tax);
        }));

    [Theory]
    [InlineData("0", "59.99", "0.00")]
    [InlineData("1", "59.99", "3.95")]
    [InlineData("1.001", "59.99", "5.95")]
    [InlineData("10", "59.99", "8.95")]
    [InlineData("10.001", "59.99", "9.55")]
    [InlineData("12", "59.99", "10.15")]
    [InlineData("12", "60", "0.00")]
    public void Shipping_is_priced_by_weight(string kilograms, string goods, string price) =>
        Assert.Equal(Number(price), Sample.Prices.Shipping(Number(kilograms), Number(goods)));

    [Fact]
    public void A_discount_is_shared_by_largest_remainder()
    {
        var discount = Sample.Draft((Sample.Product("pro-1", 10m), 1), (Sample.Product("pro-2", 10m), 1), (Sample.Product("pro-3", 10m), 1))
            with { Discount = Code(amount: 10m) };
        var order = Order.Place(discount, Sample.Prices, Sample.Noon).Value!.Order;
        Assert.Equal([3.34m, 3.33m, 3.33m], order.Items.Select(item => item.Discount!.Value));
    }

    [Theory]
    [InlineData(false, null, null, null, 0, "is no longer valid")]
    [InlineData(true, 1, null, null, 0, "is not valid yet")]
    [InlineData(true, null, 0, null, 0, "has expired")]
    [InlineData(true, null, null, 5, 5, "is used up")]
    [InlineData(true, 0, 1, 5, 4, null)]
    public void A_code_applies_only_while_it_is_valid(bool active, int? startsIn, int? endsIn, int? usesMax, int uses, string? refusal)
    {
        var code = new Discount
        {
            Code = "X", Percent = 10, MinSubtotal = 0, Active = active, UsesMax = usesMax, Uses = uses,
            StartsAt = startsIn is { } s ? Sample.Noon.AddHours(s) : null, EndsAt = endsIn is { } e ? Sample.Noon.AddHours(e) : null,
        };
        Assert.Equal(refusal, code.Refusal(10m, Sample.Noon));
    }

    private static Arbitrary<(int[] Cents, int[] Quantities, int Grams, int Off, bool IsPercent)> Orders()
    {
        var lines = from count in Gen.Choose(1, 12)
                    from cents in Gen.Choose(0, 99_999).ArrayOf(count)
                    from quantities in Gen.Choose(1, 1000).ArrayOf(count)
                    from grams in Gen.Choose(0, 30_000)
                    from isPercent in Gen.Elements(true, false)
                    from off in isPercent ? Gen.Choose(1, 10_000) : Gen.Choose(1, 5_000_000)
                    select (cents, quantities, grams, off, isPercent);
        return lines.ToArbitrary();
    }

    private static OrderDraft Draft((int[] Cents, int[] Quantities, int Grams, int Off, bool IsPercent) bought)
    {
        var lines = bought.Cents.Select((cents, i) =>
            (Sample.Product($"pro-{i}", cents / 100m, bought.Grams / 1000m), bought.Quantities[i])).ToArray();
        return Sample.Draft(lines) with
        {
            Discount = bought.IsPercent ? Code(percent: bought.Off / 100m) : Code(amount: bought.Off / 100m),
        };
    }

    private static Discount Code(decimal? percent = null, decimal? amount = null) => new()
    {
        Code = "X", Percent = percent, Amount = amount, MinSubtotal = 0, Uses = 0, Active = true,
    };

    private static IEnumerable<decimal> Amounts(OrderState order) =>
        [order.Subtotal, order.Discount, order.Shipping, order.Tax, order.Total, .. order.Items.Select(item => item.Total)];

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

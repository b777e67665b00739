using Orders.Simulator.Calendars;
using Orders.Simulator.Lives;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Model;

/// <summary>An order with everything that is to become of it.</summary>
/// <param name="Number">0, 1, ... within the run; later numbers were placed later.</param>
/// <param name="Key">What tells it from every other order, also when it is made again.</param>
internal sealed record SimulatedOrder(
    long Number, Guid Key, DateTimeOffset PlacedAt, Customer Customer, Address Address, string Channel, IReadOnlyList<SimulatedLine> Lines,
    OrderAmounts Amounts, string? DiscountCode, IReadOnlyList<LifeEvent> Life);

internal readonly record struct SimulatedLine(Product Product, int Quantity);

/// <summary>
/// Makes the orders of a run. Order n is a function of (seed, run, n, count, span, tables, profile) alone: any order can be made
/// again, and by any number of threads.
/// </summary>
internal sealed class OrderGenerator(int seed, string run, ShopData shop, Profile profile, CalendarSpan span, long count)
{
    private readonly RandomStream _orders = new(seed, "orders/" + run);
    private readonly RandomStream _times = new(seed, "times/" + run);
    private readonly OrderModel _model = new(shop.Tables, profile);
    private readonly Pricing _pricing = new(profile.Shipping);
    private readonly ShopCalendar _calendar = new(profile.Calendar);
    private readonly LifeStory _lives = new(seed, run, profile);

    public SimulatedOrder At(long number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)number, (ulong)count, nameof(number));
        // Each order has its own slice of the span and comes somewhere in it: numbers and times run the same way.
        var placedAt = span.At((number + _times.At(number).Unit()) / count);
        var random = _orders.At(number);
        var key = random.Uuid();
        var basket = _model.Draw(random);
        var lines = new SimulatedLine[basket.Lines.Length];
        var priced = new PricedLine[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new SimulatedLine(shop.Products[basket.Lines[i].Product], basket.Lines[i].Quantity);
            priced[i] = new PricedLine(lines[i].Product.Price, lines[i].Product.Weight, lines[i].Quantity);
        }

        var discount = Discount(priced, placedAt, random);
        var amounts = _pricing.AddUp(priced, discount);
        var address = shop.Addresses[basket.Destination];
        return new SimulatedOrder(
            number, key, placedAt, shop.Customers[basket.Destination], address, basket.Channel, lines, amounts, discount?.Code,
            _lives.Of(number, placedAt, address.CityDistrict, Paid(priced, amounts), amounts.Total));
    }

    /// <summary>The first code that applies and that the customer thinks of.</summary>
    private DiscountProfile? Discount(PricedLine[] lines, DateTimeOffset placedAt, SeededRandom random)
    {
        if (profile.Discounts.Count == 0) return null;
        var subtotal = lines.Sum(line => line.Total);
        var marks = _calendar.Day(DateOnly.FromDateTime(MadridTime.Local(placedAt))).Marks;
        return profile.Discounts.FirstOrDefault(discount => subtotal >= discount.MinSubtotal
            && (discount.During is not { } during || marks.Contains(during)) && random.Chance(discount.Share)
            && Pricing.Off(discount, subtotal) > 0);
    }

    private static LifeLine[] Paid(PricedLine[] lines, OrderAmounts amounts)
    {
        var paid = new LifeLine[lines.Length];
        for (var i = 0; i < lines.Length; i++) paid[i] = new LifeLine(lines[i].Quantity, lines[i].Total - amounts.LineDiscounts[i]);
        return paid;
    }
}

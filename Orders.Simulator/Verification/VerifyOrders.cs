using Orders.Simulator.Lives;
using Orders.Simulator.Model;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Verification;

/// <summary>An order that is to be placed, with what is to happen to it.</summary>
/// <param name="Life">What happens after placing, one after the other. May be empty.</param>
/// <param name="IsSampled">Whether it is one of those that are looked at one by one.</param>
internal sealed record VerifyOrder(
    int Number, Customer Customer, Address Address, IReadOnlyList<SimulatedLine> Lines, OrderAmounts Amounts, IReadOnlyList<LifeEvent> Life,
    bool IsSampled);

/// <summary>
/// The orders of a run. Order n is a function of plan and rows alone, so nobody has to keep it. Lives are those of the profile without
/// their waiting: half of them are told to the end, the others stop somewhere. No discount codes: the API would have to know them.
/// </summary>
internal sealed class VerifyOrders
{
    /// <summary>Lives are drawn as if everything were placed then: when things happen is the API's matter here.</summary>
    private static readonly DateTimeOffset Once = new(2026, 1, 12, 9, 0, 0, TimeSpan.Zero);

    private readonly VerifyPlan _plan;
    private readonly ShopData _shop;
    private readonly RandomStream _orders;
    private readonly RandomStream _samples;
    private readonly OrderModel _model;
    private readonly Pricing _pricing;
    private readonly LifeStory _lives;
    private readonly double _sample;

    /// <param name="plan">Which run.</param>
    /// <param name="shop">The rows that it draws from.</param>
    /// <param name="profile">The plan's.</param>
    /// <param name="sample">Share of the orders that are looked at one by one.</param>
    public VerifyOrders(VerifyPlan plan, ShopData shop, Profile profile, double sample)
    {
        (_plan, _shop, _sample) = (plan, shop, sample);
        _orders = new RandomStream(plan.Seed, "verify/" + plan.Run);
        _samples = new RandomStream(plan.Seed, "samples/" + plan.Run);
        _model = new OrderModel(shop.Tables, profile);
        _pricing = new Pricing(profile.Shipping);
        _lives = new LifeStory(plan.Seed, "verify/" + plan.Run, profile);
        Currency = profile.Shipping.Currency;
    }

    public string Currency { get; }

    public VerifyPlan Plan => _plan;

    public VerifyOrder At(int number)
    {
        var random = _orders.At(number);
        var basket = _model.Draw(random);
        var lines = new SimulatedLine[basket.Lines.Length];
        var priced = new PricedLine[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = new SimulatedLine(_shop.Products[basket.Lines[i].Product], basket.Lines[i].Quantity);
            priced[i] = new PricedLine(lines[i].Product.Price, lines[i].Product.Weight, lines[i].Quantity);
        }

        var amounts = _pricing.AddUp(priced, null);
        var address = _shop.Addresses[basket.Destination];
        var life = random.Chance(_plan.Moves) ? Live(number, address, priced, amounts, random) : [];
        return new VerifyOrder(
            number, _shop.Customers[basket.Destination], address, lines, amounts, life, _samples.At(number).Chance(_sample));
    }

    private IReadOnlyList<LifeEvent> Live(int number, Address address, PricedLine[] lines, OrderAmounts amounts, SeededRandom random)
    {
        var life = _lives.Of(
            number, Once, address.CityDistrict, [.. lines.Select(line => new LifeLine(line.Quantity, line.Total))], amounts.Total);
        return random.Chance(0.5) ? life : [.. life.Take(random.Between(1, life.Count))];
    }
}

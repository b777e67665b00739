using FsCheck;
using FsCheck.Fluent;
using Orders.Api.Domain;
using Orders.Contracts;
using Orders.Simulator.Calendars;
using Orders.Simulator.Lives;
using Orders.Simulator.Profiles;
using Orders.Tests.Domain;

namespace Orders.Tests.Simulation;

/// <summary>Lives of orders are lived by the order's own domain: what is not legal there is wrong here.</summary>
[Unit]
public sealed class LifeTests
{
    private static readonly DateTimeOffset Monday = MadridTime.Instant(new DateTime(2025, 3, 3, 11, 0, 0));

    /// <summary>Everything that can happen, often.</summary>
    private static readonly Profile Eventful = new()
    {
        Lifecycle = new LifecycleProfile
        {
            PaymentFailure = 0.1, Cancellation = 0.25, PartialShipment = 0.6, ParcelsMax = 10, Return = 0.5, Goodwill = 0.5,
            GoodwillShareMax = 1,
        },
    };

    [Fact]
    public void Every_life_is_legal() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3000),
        Prop.ForAll(Cases(), drawn =>
        {
            var order = Placed(drawn);
            var life = Story(drawn.Seed).Of(drawn.Number, order.PlacedAt, drawn.District, Lines(order), order.Total);
            var before = order.PlacedAt;
            foreach (var step in life)
            {
                var changed = Live(order, step);
                if (changed.Value is not { } change) throw new InvalidOperationException($"{step}: {changed.Error}");
                // The instant is the event's own, not one that the domain had to put right.
                if (step.At <= before || change.Order.UpdatedAt != step.At) return false;
                if (change.Order.Status != Status(step, order.Status)) return false;
                (order, before) = (change.Order, step.At);
            }

            return life.Count > 0 && IsAtAnEnd(order) && (order.Refunded ?? 0) <= order.Total;
        }));

    [Fact]
    public void A_life_is_a_function_of_its_order_alone() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Cases(), drawn =>
        {
            var order = Placed(drawn);
            var lives = Enumerable.Range(0, 2).Select(_ => string.Join('\n',
                Story(drawn.Seed).Of(drawn.Number, order.PlacedAt, drawn.District, Lines(order), order.Total)
                    .Select(step => $"{step} {string.Join(' ', step.Pieces ?? [])}"))).ToList();
            return lives[0] == lives[1];
        }));

    [Fact]
    public void Ends_have_the_shares_of_the_profile()
    {
        var profile = new LifecycleProfile { PaymentFailure = 0.1, Cancellation = 0.2, Return = 0.3, PartialReturn = 0.5 };
        var story = new LifeStory(5, "test", new Profile { Lifecycle = profile });
        var ends = Enumerable.Range(0, 50_000).Select(number =>
            story.Of(number, Monday, "Centro", [new LifeLine(2, 20m)], 20m).Last(step => step.Step != LifeStep.Refunded).Step);

        // Cancelled when paid (half of them) comes after a payment that may fail.
        var (cancelled, failed) = ((0.2 * 0.5) + (0.2 * 0.5 * 0.9), (0.8 + (0.2 * 0.5)) * 0.1);
        var delivered = 0.8 * 0.9;
        Statistics.AssertShares(ends, new Dictionary<LifeStep, double>
        {
            [LifeStep.Cancelled] = cancelled, [LifeStep.Failed] = failed, [LifeStep.Delivered] = delivered * 0.7,
            [LifeStep.Returned] = delivered * 0.3 * 0.5, [LifeStep.PartlyReturned] = delivered * 0.3 * 0.5,
        });
    }

    [Fact]
    public void Parcels_leave_on_working_days_and_arrive_by_day_and_not_on_Sundays_or_holidays()
    {
        var calendar = new ShopCalendar(new CalendarProfile());
        var story = new LifeStory(6, "test", Eventful);
        // The week before Easter 2025 has two holidays.
        var steps = Enumerable.Range(0, 5000)
            .SelectMany(number => story.Of(
                number, Monday.AddDays(40).AddMinutes(number * 3), "Barajas", [new LifeLine(4, 20m)], 20m)).ToList();

        Assert.All(steps.Where(step => step.Step is LifeStep.PartlyShipped or LifeStep.Shipped), step =>
        {
            Assert.True(calendar.Day(Local(step.At)).IsWorkingDay, step.ToString());
            Assert.InRange(MadridTime.Local(step.At).Hour, 8, 19);
        });
        Assert.All(steps.Where(step => step.Step is LifeStep.Delivered), step =>
        {
            Assert.True(calendar.Day(Local(step.At)).IsDeliveryDay, step.ToString());
            Assert.InRange(MadridTime.Local(step.At).Hour, 9, 20);
        });
    }

    [Fact]
    public void Far_districts_wait_longer()
    {
        var story = new LifeStory(7, "test", new Profile());

        Assert.True(Wait("Barajas") > Wait("Hortaleza"));
        Assert.True(Wait("Hortaleza") > Wait("Centro"));
        Assert.Equal(Wait("Usera"), Wait("no such district"));

        double Wait(string district) => Enumerable.Range(0, 4000).Select(number =>
        {
            var life = story.Of(number, Monday.AddMinutes(number), district, [new LifeLine(1, 20m)], 20m);
            return life.FirstOrDefault(step => step.Step == LifeStep.Delivered) is { } delivered
                ? (delivered.At - life.First(step => step.Step == LifeStep.Shipped).At).TotalHours : (double?)null;
        }).OfType<double>().Average();
    }

    [Fact]
    public void A_delay_has_its_median_and_spread()
    {
        var random = new Orders.Simulator.Tables.SeededRandom(8);
        var profile = new DelayProfile { Median = TimeSpan.FromHours(10), Spread = 0.5 };
        var hours = Enumerable.Range(0, 20_000).Select(_ => LifeClock.Delay(profile, random).TotalHours).Order().ToList();

        Assert.InRange(hours[10_000], 9.8, 10.2);
        // One standard deviation: 15.87 % lie above.
        Assert.InRange(hours[16_827], 16.1, 16.9);
        Assert.InRange(hours[^1], 10, 10 * Math.Exp(0.5 * 4));
    }

    private static LifeStory Story(int seed) => new(seed, "test", Eventful);

    private static bool IsAtAnEnd(OrderState order) => order.Status is OrderStatus.Delivered or OrderStatus.Returned
        or OrderStatus.Cancelled or OrderStatus.Failed;

    private static DateOnly Local(DateTimeOffset at) => DateOnly.FromDateTime(MadridTime.Local(at));

    internal static Outcome<OrderChange> Live(OrderState order, LifeEvent step) => step.Step switch
    {
        LifeStep.Confirmed => order.Confirm(step.At),
        LifeStep.Paid => order.Pay(step.Method!, step.Reference, order.Total, step.At),
        LifeStep.PartlyShipped or LifeStep.Shipped => order.Ship(step.Carrier!, step.Tracking, Quantities(step), step.At),
        LifeStep.Delivered => order.Deliver(step.At),
        LifeStep.PartlyReturned or LifeStep.Returned => order.Return(Quantities(step), step.Reason, step.At),
        LifeStep.Cancelled => order.Cancel(step.Reason, step.At),
        LifeStep.Failed => order.Fail(step.Reason, step.At),
        LifeStep.Refunded => order.Refund(step.Amount, step.Reason, step.Reference, step.At),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Step, null),
    };

    private static OrderStatus Status(LifeEvent step, OrderStatus before) => step.Step switch
    {
        LifeStep.PartlyShipped or LifeStep.PartlyReturned or LifeStep.Refunded => before,
        _ => Enum.Parse<OrderStatus>(step.Step.ToString()),
    };

    private static LineQuantity[] Quantities(LifeEvent step) =>
        [.. step.Pieces!.Select(piece => new LineQuantity(piece.Line, piece.Quantity))];

    private static LifeLine[] Lines(OrderState order) =>
        [.. order.Items.Select(item => new LifeLine(item.Quantity, item.Total - (item.Discount ?? 0)))];

    private static OrderState Placed((int Seed, int Number, int Minutes, string District, int[] Cents, int[] Quantities) drawn) =>
        Sample.Placed(new DateTimeOffset(2019, 12, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(drawn.Minutes),
            [.. drawn.Cents.Select((cents, i) => (Sample.Product($"pro-{i}", cents / 100m), drawn.Quantities[i]))]);

    private static Arbitrary<(int Seed, int Number, int Minutes, string District, int[] Cents, int[] Quantities)> Cases()
    {
        var cases = from seed in Gen.Choose(0, int.MaxValue)
                    from number in Gen.Choose(0, int.MaxValue)
                    from minutes in Gen.Choose(0, 10 * 365 * 24 * 60)
                    from district in Gen.Elements("Centro", "Barajas", "", "elsewhere")
                    from count in Gen.Choose(1, 6)
                    from cents in Gen.Choose(0, 9_999).ArrayOf(count)
                    from quantities in Gen.Choose(1, 40).ArrayOf(count)
                    select (seed, number, minutes, district, cents, quantities);
        return cases.ToArbitrary();
    }
}

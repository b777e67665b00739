using FsCheck;
using FsCheck.Fluent;
using Orders.Simulator.Load;

namespace Orders.Tests.Simulation;

/// <summary>When requests are due: stages, ramps, arrivals.</summary>
[Unit]
public sealed class LoadShapeTests
{
    [Fact]
    public void A_ramp_is_half_of_what_a_level_is()
    {
        var shape = new LoadShape([new(100, Seconds(30)), new(0, Seconds(10)), new(20, Seconds(20))], Seconds(10));

        Assert.Equal((Seconds(60), 100.0), (shape.Length, shape.LevelMax));
        Assert.Equal([0, 50, 100, 50, 0, 10, 20, 0],
            ((double[])[0, 5, 10, 35, 40, 45, 59, 60]).Select(at => Math.Round(shape.LevelAt(Seconds(at)), 6)));
        // 500 on the way up, 2000 at the top, 500 on the way down, 100 up again, 200 at the top.
        Assert.Equal(3300, shape.Arrivals, 6);
        Assert.Equal(Seconds(5), Rounded(shape.When(125)));
        Assert.Equal(Seconds(60), Rounded(shape.When(3299.9999999)));
        Assert.Null(shape.When(3300));
    }

    [Fact]
    public void Without_a_ramp_levels_are_steps()
    {
        var shape = new LoadShape([new(10, Seconds(2)), new(0, Seconds(3)), new(1, Seconds(1))], TimeSpan.Zero);

        Assert.Equal((21.0, (TimeSpan?)Seconds(2)), (shape.Arrivals, Rounded(shape.When(19.9999999))));
        // Nothing is due while the level is 0.
        Assert.Equal(Seconds(5), Rounded(shape.When(20)));
        Assert.Equal(Seconds(5), shape.NextAbove(0, Seconds(2)));
        Assert.Null(shape.NextAbove(1, Seconds(2)));
    }

    [Fact]
    public void Users_come_one_by_one_on_a_ramp()
    {
        var shape = new LoadShape([new(10, Seconds(20))], Seconds(10));

        Assert.Equal([0, 3, 9], ((int[])[0, 3, 9]).Select(user => Math.Round(shape.NextAbove(user, TimeSpan.Zero)!.Value.TotalSeconds, 3)));
        Assert.Equal(Seconds(12), shape.NextAbove(9, Seconds(12)));
        Assert.Null(shape.NextAbove(10, TimeSpan.Zero));
        Assert.Null(shape.NextAbove(0, Seconds(20)));
    }

    [Fact]
    public void What_is_due_at_a_time_is_due_then() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000),
        Prop.ForAll(Shapes(), drawn =>
        {
            var (shape, share) = drawn;
            var arrivals = shape.Arrivals * share;
            if (shape.When(arrivals) is not { } at) return arrivals >= shape.Arrivals;
            // A tick is the finest that a time can say, and the level is what comes within it.
            return at >= TimeSpan.Zero && at <= shape.Length
                && Math.Abs(shape.ArrivalsUntil(at) - arrivals) <= (shape.LevelMax * 1e-6) + 1e-6;
        }));

    [Fact]
    public void Later_is_never_less() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Shapes(), drawn =>
        {
            var times = Enumerable.Range(0, 200).Select(i => drawn.Shape.Length * (i / 199.0)).ToList();
            var due = times.Select(drawn.Shape.ArrivalsUntil).ToList();
            return due.Zip(due.Skip(1)).All(pair => pair.Second >= pair.First - 1e-9)
                && times.All(at => drawn.Shape.LevelAt(at) >= -1e-9 && drawn.Shape.LevelAt(at) <= drawn.Shape.LevelMax + 1e-9);
        }));

    [Fact]
    public void The_same_seed_and_run_make_the_same_schedule()
    {
        var plan = Plan(200, isPoisson: true);
        var schedule = LoadSchedule.Of(plan).ToList();

        Assert.Equal(schedule, LoadSchedule.Of(Plan(200, isPoisson: true)));
        Assert.NotEqual(schedule, LoadSchedule.Of(plan with { Seed = 2 }));
        Assert.NotEqual(schedule, LoadSchedule.Of(plan with { Run = "other" }));
        Assert.All(schedule.Take(100), arrival => Assert.Equal(plan.OperationOf(arrival.Number), arrival.Operation));
    }

    [Fact]
    public void Arrivals_are_as_many_as_the_rate_says_and_mixed_by_their_weights()
    {
        var schedule = LoadSchedule.Of(Plan(200, isPoisson: true)).ToList();

        // Five standard deviations.
        Assert.InRange(schedule.Count, 20_000 - (5 * Math.Sqrt(20_000)), 20_000 + (5 * Math.Sqrt(20_000)));
        Assert.Equal(Enumerable.Range(0, schedule.Count).Select(i => (long)i), schedule.Select(arrival => arrival.Number));
        var gaps = schedule.Zip(schedule.Skip(1), (one, next) => (next.At - one.At).TotalSeconds);
        Statistics.AssertShares(gaps.Select(gap => (int)(10 * (1 - Math.Exp(-200 * gap)))),
            Enumerable.Range(0, 10).ToDictionary(decile => decile, _ => 1.0));
        Statistics.AssertShares(schedule.Select(arrival => arrival.Operation), new Dictionary<LoadOperation, double>
        {
            [LoadOperation.Place] = 1, [LoadOperation.Read] = 7, [LoadOperation.Search] = 2,
        });
    }

    [Fact]
    public void Even_arrivals_are_even() => Assert.Equal(
        Enumerable.Range(0, 1000).Select(i => TimeSpan.FromMilliseconds((i * 100) + 50)),
        LoadSchedule.Of(Plan(10, isPoisson: false)).Select(arrival => Rounded(arrival.At)!.Value));

    internal static LoadPlan Plan(double rate, bool isPoisson = false, double seconds = 100) => new(
        new Uri("http://shop.example"), "mixed", LoadText.Mix("place=1,read=7,search=2")!, LoadModel.Open, isPoisson,
        [new(rate, Seconds(seconds))], TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 100, Seconds(10), 1, "test");

    private static Arbitrary<(LoadShape Shape, double Share)> Shapes()
    {
        var shapes = from count in Gen.Choose(1, 5)
                     from levels in Gen.Choose(0, 1000).ArrayOf(count)
                     from lengths in Gen.Choose(1, 600).ArrayOf(count)
                     from ramp in Gen.Choose(0, 1000)
                     from share in Gen.Choose(0, 1_000_000)
                     where levels.Any(level => level > 0)
                     select (new LoadShape(
                         [.. levels.Zip(lengths, (level, length) => new LoadStage(level / 10.0, Seconds(length)))],
                         Seconds(lengths.Min() * ramp / 1000.0)), share / 1_000_000.0);
        return shapes.ToArbitrary();
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan? Rounded(TimeSpan? time) =>
        time is { } at ? TimeSpan.FromMilliseconds(Math.Round(at.TotalMilliseconds, 2)) : null;
}

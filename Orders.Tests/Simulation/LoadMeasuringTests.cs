using FsCheck;
using FsCheck.Fluent;
using Orders.Simulator.Api;
using Orders.Simulator.Load;
using Orders.Simulator.Tables;

namespace Orders.Tests.Simulation;

/// <summary>Percentiles, shares and bounds.</summary>
[Unit]
public sealed class LoadMeasuringTests
{
    [Fact]
    public void A_percentile_is_within_a_hundredth_of_the_exact_one() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Times(), drawn =>
        {
            var histogram = Of(drawn.Microseconds);
            long[] sorted = [.. drawn.Microseconds.Order()];
            var rank = Math.Max(1, (int)Math.Ceiling((drawn.Percent / 100.0 * sorted.Length) - 1e-6));
            var (exact, found) = (sorted[rank - 1], histogram.Percentile(drawn.Percent).TotalMicroseconds);
            return histogram.Count == sorted.Length && found >= exact && found <= (exact * 1.008) + 0.5
                && histogram.Max.TotalMicroseconds.Equals(sorted[^1]);
        }));

    [Fact]
    public void Nothing_is_lost_when_many_record_at_once()
    {
        var histogram = new LatencyHistogram();

        Parallel.For(0, 8, worker =>
        {
            for (var i = 1; i <= 50_000; i++) histogram.Record(TimeSpan.FromMicroseconds(i + worker));
        });

        Assert.Equal((400_000, 50_007.0), (histogram.Count, histogram.Max.TotalMicroseconds));
        Assert.Equal(400_000, histogram.CountBetween(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.InRange(histogram.Mean.TotalMicroseconds, 25_003, 25_005);
    }

    [Fact]
    public void Sums_and_extremes_are_kept()
    {
        var (one, other) = (Of([1, 2, 3]), Of([1_000_000, (long)TimeSpan.FromDays(30).TotalMicroseconds]));
        one.Add(other);

        Assert.Equal((5, 3.0), (one.Count, one.Percentile(60).TotalMicroseconds));
        // More than it can tell counts as the most that it can.
        Assert.Equal(TimeSpan.FromMicroseconds((1L << 37) - 1), one.Max);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (new LatencyHistogram().Percentile(99), new LatencyHistogram().Mean));
    }

    [Theory]
    [InlineData("p99<500ms", "held, it was 100 ms")]
    [InlineData("p50 >= 1s", "MISSED, it was 0.05 s, by 0.95 s")]
    [InlineData("place.p99.9<=99ms", "MISSED, it was 100 ms, by 1 ms")]
    [InlineData("service.max<100us", "MISSED, it was 1000 us, by 900 us")]
    [InlineData("read.mean<1ms", "MISSED, nothing was measured")]
    [InlineData("errors<1%", "MISSED, it was 9.091%, by 8.091%")]
    [InlineData("place.errors<=10%", "held, it was 9.091%")]
    [InlineData("rate>=1.5", "MISSED, it was 1/s, by 0.5/s")]
    [InlineData("never_sent<1", "held, it was 0")]
    public void A_bound_says_whether_it_was_held_and_by_how_much_not(string text, string outcome)
    {
        var threshold = LoadThreshold.TryParse(text, out var why);

        Assert.True(threshold is not null, why);
        Assert.Equal($"{text}: {outcome}", threshold.Judge(Result()).ToString());
    }

    [Fact]
    public void What_was_never_sent_counts_with_the_time_that_it_waited()
    {
        var result = Result();
        Assert.True(LoadThreshold.TryParse("place.p99<500ms", out _)!.Judge(result).IsHeld);

        result.Recorder.NeverSent(new LoadArrival(11, TimeSpan.FromSeconds(8), LoadOperation.Place), TimeSpan.FromSeconds(11));

        var missed = LoadThreshold.TryParse("place.p99<500ms", out _)!.Judge(result);
        Assert.False(missed.IsHeld);
        Assert.InRange(missed.Actual!.Value, 3000, 3030);
        Assert.Equal(1, result.Recorder.Of(LoadOperation.Place).NeverSent);
    }

    [Theory]
    [InlineData("p99", "must be")]
    [InlineData("p99=5ms", "must be")]
    [InlineData("p99<", "must be")]
    [InlineData("p100<5ms", "there is no measure 'p100'")]
    [InlineData("p0<5ms", "there is no measure 'p0'")]
    [InlineData("p99<5", "p99 is a time: us, ms, s or m")]
    [InlineData("p99<5%", "p99 is a time")]
    [InlineData("errors<1", "errors is a share")]
    [InlineData("service.errors<1%", "errors is a share")]
    [InlineData("rate>5ms", "rate is a number without a unit")]
    [InlineData("median<5ms", "there is no measure 'median'")]
    [InlineData("pay.p99<5ms", "there is no operation 'pay'")]
    public void A_bound_that_is_none_says_why(string text, string why)
    {
        Assert.Null(LoadThreshold.TryParse(text, out var said));
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30.0)]
    [InlineData("1.5m", 90.0)]
    [InlineData("2h", 7200.0)]
    [InlineData("30", null)]
    [InlineData("-1s", null)]
    [InlineData("1e9h", null)]
    [InlineData("s", null)]
    public void Times_are_a_number_and_a_unit(string text, double? seconds) => Assert.Equal(seconds, LoadText.Duration(text)?.TotalSeconds);

    [Fact]
    public void Young_orders_are_read_more_often_and_all_of_them_alike_without_zipf()
    {
        var random = new SeededRandom(3);
        var even = Enumerable.Range(0, 100_000).Select(_ => OrderPool.Rank(random.Unit(), 10, 0)).ToList();
        var zipf = Enumerable.Range(0, 100_000).Select(_ => OrderPool.Rank(random.Unit(), 1000, 1)).CountBy(rank => rank).ToDictionary();

        Statistics.AssertShares(even, Enumerable.Range(0, 10).ToDictionary(rank => rank, _ => 1.0));
        // Of the curve 1/x, the part from k to k + 1 is log((k + 1) / k) of log(count + 1).
        Assert.InRange(zipf[0] / 100_000.0, 0.098, 0.103);
        Assert.InRange(zipf[0] / (double)zipf[1], 1.6, 1.82);
        Assert.All(zipf.Keys, rank => Assert.InRange(rank, 0, 999));
    }

    [Fact]
    public void A_full_pool_forgets_the_oldest()
    {
        var pool = new OrderPool(3, 0);
        Assert.Null(pool.Draw(new SeededRandom(1)));
        foreach (var id in (string[])["a", "b", "c", "d"]) pool.Add(id);

        var random = new SeededRandom(1);
        Assert.Equal(["b", "c", "d"], Enumerable.Range(0, 100).Select(_ => pool.Draw(random)).Distinct().Order());
    }

    /// <summary>
    /// Ten orders of 10 to 100 ms, one that failed after 5 ms, in ten seconds; each was sent a millisecond before its reply.
    /// </summary>
    internal static LoadResult Result()
    {
        var plan = LoadShapeTests.Plan(1, seconds: 10);
        var recorder = new LoadRecorder(plan);
        for (var i = 1; i <= 10; i++) Record(i - 1, i * 10, new LoadReply(null, 201, $"ord-{i}"));
        Record(3, 5, new LoadReply(FailureKind.Throttled, 429, Said: "<script>alert('slow & down')</script>\0 \ud83d \uffff"));
        return new LoadResult(plan, recorder, new LoadEnd(DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(10), false), (0, 0));

        void Record(double second, int milliseconds, LoadReply reply)
        {
            var due = TimeSpan.FromSeconds(second);
            var ended = due + TimeSpan.FromMilliseconds(milliseconds);
            var sent = ended - TimeSpan.FromMilliseconds(1);
            recorder.Begun(due, sent);
            recorder.Ended(LoadOperation.Place, due, sent, ended, reply);
        }
    }

    private static LatencyHistogram Of(IEnumerable<long> microseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (var time in microseconds) histogram.Record(new TimeSpan(time * TimeSpan.TicksPerMicrosecond));
        return histogram;
    }

    private static Arbitrary<(long[] Microseconds, double Percent)> Times() => (
        from count in Gen.Choose(1, 400)
        from sizes in Gen.Choose(0, 34).ArrayOf(count)
        from parts in Gen.Choose(1, 1000).ArrayOf(count)
        from percent in Gen.Choose(1, 999)
        select (sizes.Zip(parts, (size, part) => (1L << size) * part / 1000).ToArray(), percent / 10.0)).ToArbitrary();
}

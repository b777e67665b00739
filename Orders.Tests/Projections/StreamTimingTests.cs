using System.Globalization;
using Orders.Indexer.Streams;

namespace Orders.Tests.Projections;

[Unit]
public sealed class StreamTimingTests
{
    [Fact]
    public void Waits_double_up_to_the_longest_and_start_over_after_a_success()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30));

        var waits = Enumerable.Range(0, 12).Select(_ => backoff.Next()).ToList();
        backoff.Reset();

        Assert.All(waits.Select((wait, i) => (wait, ceiling: Math.Min(100 * Math.Pow(2, i), 30_000))), entry =>
            Assert.InRange(entry.wait.TotalMilliseconds, entry.ceiling * 0.8, entry.ceiling));
        Assert.InRange(backoff.Next().TotalMilliseconds, 80, 100);
    }

    [Fact]
    public void A_gap_between_two_polls_casts_doubt_until_the_group_had_time_to_speak()
    {
        var clock = new ManualClock();
        var lease = new Lease(clock, gapMax: TimeSpan.FromSeconds(5), doubtFor: TimeSpan.FromSeconds(4));
        clock.Advance(TimeSpan.FromSeconds(4));
        lease.Touch();
        Assert.Equal(TimeSpan.Zero, lease.Doubt());

        clock.Advance(TimeSpan.FromSeconds(60));
        lease.Touch();
        Assert.Equal(TimeSpan.FromSeconds(4), lease.Doubt());

        clock.Advance(TimeSpan.FromSeconds(4));
        lease.Touch();
        Assert.Equal(TimeSpan.Zero, lease.Doubt());
    }

    [Fact]
    public void Whoever_looks_first_after_a_freeze_sees_the_doubt()
    {
        var clock = new ManualClock();
        var lease = new Lease(clock, gapMax: TimeSpan.FromSeconds(5), doubtFor: TimeSpan.FromSeconds(4));

        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(4), lease.Doubt());
    }

    [Theory]
    [InlineData(5, 7, 5)]
    [InlineData(-1, 7, 7)]
    [InlineData(0, 7, 0)]
    public void Lag_counts_what_is_stored_and_falls_back_to_what_is_committed(long stored, long committed, long expected)
    {
        var owned = string.Create(
            CultureInfo.InvariantCulture, $"\"fetch_state\":\"active\",\"consumer_lag\":{committed},\"consumer_lag_stored\":{stored}");
        const string Foreign = "\"fetch_state\":\"none\",\"consumer_lag\":9,\"consumer_lag_stored\":9";
        var json = "{\"topics\":{\"orders.events\":{\"partitions\":{\"3\":{" + owned + "},\"4\":{" + Foreign + "},\"-1\":{"
            + owned + "}}}}}";
        var seen = new Dictionary<int, long>();

        ConsumerStatistics.Read(json, (partition, lag) => seen[partition] = lag);

        Assert.Equal(new Dictionary<int, long> { [3] = expected }, seen);
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}

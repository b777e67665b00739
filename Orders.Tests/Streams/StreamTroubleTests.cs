using Orders.Indexer.Streams;
using static Orders.Tests.Streams.StreamRun;

namespace Orders.Tests.Streams;

/// <summary>A stream that gets no events says so, and why, instead of being healthy.</summary>
[Unit]
public sealed class StreamTroubleTests
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly StreamTrouble _trouble;

    public StreamTroubleTests() => _trouble = new StreamTrouble(new StreamOptions(), _time);

    [Fact]
    public void A_consumer_that_is_never_given_partitions_says_so_after_half_a_minute()
    {
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Null(Says());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("it has no partitions since 30 s: Kafka does not answer, or its group does not settle", Says());
        _trouble.Joined();
        Assert.Null(Says());
    }

    [Fact]
    public void A_rebalance_is_no_trouble_and_a_group_that_stays_away_is()
    {
        _trouble.Joined();
        _time.Advance(TimeSpan.FromHours(1));
        _trouble.Left();
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(Says());
        // Taken back once more while it has none: that began when it lost the first ones.
        _trouble.Left();
        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.StartsWith("it has no partitions since 35 s", Says(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sessions_that_fail_again_and_again_say_why()
    {
        _trouble.Joined();
        _trouble.SessionFailed(new InvalidOperationException("outer", new TimeoutException("no broker within 10 s")));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(Says());
        _trouble.SessionFailed(new TimeoutException("still no broker"));
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("its consumer fails since 40 s: still no broker", Says());
        _trouble.Joined();
        Assert.Null(Says());
    }

    [Fact]
    public void An_event_that_waits_longer_than_a_projection_gathers_and_two_minutes_is_too_old()
    {
        _trouble.Joined();
        var oldest = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(121));

        Assert.Equal("its oldest event waits since 121 s", _trouble.Says(isBlocked: false, oldest, TimeSpan.Zero));
        Assert.Null(_trouble.Says(isBlocked: false, oldest, gathersFor: TimeSpan.FromSeconds(2)));
        Assert.Null(Says());
    }

    [Fact]
    public async Task A_session_tells_when_it_joins_and_when_the_group_is_lost()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0, 1);
        Assert.Null(run.Says);
        run.Consumer.Send(Event("a", 1, 0));
        await run.Journal.SeenAsync("stored 0:1");

        await run.Consumer.LoseAsync(0, 1);
        run.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.StartsWith("it has no partitions since 60 s", run.Says, StringComparison.Ordinal);
        await run.Consumer.AssignAsync(0);
        Assert.Null(run.Says);
    }

    private string? Says() => _trouble.Says(isBlocked: false, null, TimeSpan.Zero);
}

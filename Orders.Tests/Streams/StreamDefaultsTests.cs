using Microsoft.Extensions.Options;
using Orders.Indexer.Archive;
using Orders.Indexer.Streams;
using Orders.Tests.Support;
using Sample = Orders.Tests.Projections.Sample;
using static Orders.Tests.Streams.StreamRun;

namespace Orders.Tests.Streams;

/// <summary>What the streams do as they are delivered: every other test runs with settings of its own.</summary>
[Unit]
public sealed class StreamDefaultsTests
{
    [Fact]
    public async Task Five_thousand_events_make_a_batch()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0);

        run.Consumer.Send(Enumerable.Range(0, 5001).Select(i => Event($"o{i:D4}", 1, i)));
        await run.Journal.SeenAsync("stored 0:5001");

        Assert.Equal([5000, 1], run.Sink.Applied.Select(batch => batch.Taken));
    }

    [Fact]
    public async Task Ten_mebibytes_make_a_batch()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0);
        // A little more than a mebibyte each: nine are below, ten are above.
        var large = new string('x', 1 << 20);

        run.Consumer.Send(Enumerable.Range(0, 11).Select(i =>
        {
            var told = Sample.Event($"o{i:D2}");
            return Sample.Raw(told with { Data = told.Data with { Channel = large } }, 0, i);
        }));
        await run.Journal.SeenAsync("stored 0:11");

        Assert.Equal([10, 1], run.Sink.Applied.Select(batch => batch.Taken));
    }

    [Theory]
    [InlineData(null, 10_000, 1_000)]
    [InlineData(1_500, 1_500, 500)]
    public async Task A_consumer_is_missed_after_ten_seconds_unless_Kafkas_own_configuration_says_otherwise(
        int? configured, int session, int heartbeat)
    {
        await using var run = new StreamRun();
        if (configured is { } own) run.Kafka.Configured.SessionTimeoutMs = own;

        await run.StartAsync();

        Assert.Equal((session, heartbeat), (run.Consumer.Config.SessionTimeoutMs, run.Consumer.Config.HeartbeatIntervalMs));
    }

    [Fact]
    public async Task Events_gather_for_ten_minutes_before_they_are_archived()
    {
        await using var run = await ArchivingAsync();
        run.Consumer.Send(ArchivedEvent(0), ArchivedEvent(1));
        await Eventually.Is(() => Task.FromResult(run.Consumer.Delivered == 2), "both are taken");
        run.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        var polls = run.Consumer.Polls;
        await Eventually.Is(() => Task.FromResult(run.Consumer.Polls > polls + 3), "the session has looked");
        Assert.Empty(run.Sink.Applied);

        run.Time.Advance(TimeSpan.FromSeconds(1));
        await run.Journal.SeenAsync("stored 0:2");

        Assert.Equal([2], run.Sink.Applied.Select(batch => batch.Taken));
    }

    [Fact]
    public async Task Eight_mebibytes_of_events_are_archived_at_once()
    {
        await using var run = await ArchivingAsync();
        var full = (int)Math.Ceiling(8.0 * 1024 * 1024 / ArchivedEvent(0).Size);
        Assert.InRange(full, 2, 19_999);

        run.Consumer.Send(Enumerable.Range(0, full + 1).Select(ArchivedEvent));
        await run.Journal.SeenAsync($"stored 0:{full}");

        Assert.Equal([full], run.Sink.Applied.Select(batch => batch.Taken));
    }

    [Fact]
    public async Task Twenty_thousand_events_are_archived_at_once()
    {
        await using var run = await ArchivingAsync();

        // The smallest that Kafka can hold: none of them is an event, and each takes its place all the same.
        run.Consumer.Send(Enumerable.Range(0, 20_001).Select(i => Sample.Raw("", 0, i)));
        await run.Journal.SeenAsync("stored 0:20000");

        Assert.Equal([20_000], run.Sink.Applied.Select(batch => batch.Taken));
    }

    /// <summary>The archive's batches as they are delivered; the gap in time is none of the consumer's.</summary>
    private static async Task<StreamRun> ArchivingAsync()
    {
        var archive = new ArchiveProjection(null!, null!, Options.Create(new ArchiveOptions()), TimeProvider.System);
        var run = new StreamRun(
            journal => new ScriptedProjection(journal) { Shape = archive.Shape, EveryVersion = archive.EveryVersion },
            new() { PollGapMax = TimeSpan.FromDays(1) });
        await run.StartAsync(0);
        return run;
    }

    private static RawEvent ArchivedEvent(int offset) => Event($"o{offset:D5}", 1, offset);
}

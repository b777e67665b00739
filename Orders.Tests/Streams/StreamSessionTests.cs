using Orders.Indexer.Streams;
using Orders.Tests.Support;
using Sample = Orders.Tests.Projections.Sample;
using static Orders.Tests.Streams.StreamRun;

namespace Orders.Tests.Streams;

/// <summary>Batches and offsets: what is taken when, and when an offset moves.</summary>
[Unit]
public sealed class StreamSessionTests
{
    [Fact]
    public async Task An_offset_is_stored_when_the_batch_is_durable_and_not_before()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0);
        run.Sink.Hold();
        run.Consumer.Send(Event("a", 1, 0), Event("b", 1, 1));
        await run.BegunAsync();

        run.Sink.Release();
        await run.Journal.SeenAsync("stored 0:2");

        Assert.Equal(["prepared", "applied a.1 b.1", "stored 0:2"], run.Journal.Lines);
    }

    [Fact]
    public async Task While_one_batch_is_under_way_one_more_is_gathered_and_the_rest_stays_with_the_broker()
    {
        await using var run = new StreamRun(options: new() { BatchEventsMax = 2 });
        await run.StartAsync(0);
        run.Sink.Hold();
        run.Consumer.Send("abcdef".Select((order, offset) => Event($"{order}", 1, offset)));
        await run.BegunAsync();
        await Eventually.Is(() => Task.FromResult(run.Consumer.IsPaused), "the partitions are paused", TimeSpan.FromSeconds(20));
        var polls = run.Consumer.Polls;
        await Eventually.Is(() => Task.FromResult(run.Consumer.Polls > polls + 3), "the group still hears of the consumer");

        Assert.Equal((4, 1), (run.Consumer.Delivered, run.Sink.Begun));
        run.Sink.Release();
        await run.Journal.SeenAsync("stored 0:6");

        // No offset goes past a batch that is still under way.
        Assert.Equal(
            ["prepared", "applied a.1 b.1", "stored 0:2", "applied c.1 d.1", "stored 0:4", "applied e.1 f.1", "stored 0:6"],
            run.Journal.Lines);
    }

    [Fact]
    public async Task Changes_of_one_order_reach_the_target_in_their_order_however_they_fall_into_batches()
    {
        await using var run = new StreamRun(
            journal => new ScriptedProjection(journal) { EveryVersion = true }, new() { BatchEventsMax = 3 });
        await run.StartAsync(0, 1);

        run.Consumer.Send(Enumerable.Range(0, 40).Select(i => Event(i % 2 == 0 ? "a" : "b", (i / 2) + 1, i / 2, partition: i % 2)));
        await run.Journal.SeenAsync("stored 1:20");

        var applied = run.Sink.Applied.SelectMany(batch => batch.Events).ToLookup(taken => taken.OrderId, taken => taken.Version);
        Assert.Equal(Enumerable.Range(1, 20), applied["a"]);
        Assert.Equal(Enumerable.Range(1, 20), applied["b"]);
        Assert.DoesNotContain("two batches at once", run.Journal.Lines);
        Assert.InRange(run.Sink.Applied.Count, 14, 40);
    }

    [Fact]
    public async Task Bytes_make_a_batch_full_as_well_as_events()
    {
        var size = Event("a", 1, 0).Size;
        await using var run = new StreamRun(options: new() { BatchBytesMax = size + 1 });
        await run.StartAsync(0);

        run.Consumer.Send("abcde".Select((order, offset) => Event($"{order}", 1, offset)));
        await run.Journal.SeenAsync("stored 0:5");

        // The last one may exceed them.
        Assert.All(run.Sink.Applied, batch => Assert.InRange(batch.Taken, 1, 2));
        Assert.Equal(2, run.Sink.Applied[0].Taken);
    }

    [Fact]
    public async Task Without_a_gap_between_events_a_batch_ends_by_time()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0);
        run.Consumer.OnDeliver = () => run.Time.Advance(run.Options.BatchAgeMax / 4);

        run.Consumer.Send(Enumerable.Range(0, 20).Select(i => Event($"o{i:D2}", 1, i)));
        await run.Journal.SeenAsync("stored 0:20");

        Assert.Equal(5, run.Sink.Applied[0].Taken);
    }

    [Fact]
    public async Task A_target_that_wants_large_batches_gets_what_has_gathered_when_its_time_is_over()
    {
        var age = TimeSpan.FromMinutes(10);
        await using var run = new StreamRun(
            journal => new ScriptedProjection(journal) { Shape = new BatchShape(100, 1 << 20, age) },
            new() { PollGapMax = TimeSpan.FromDays(1) });
        await run.StartAsync(0);
        run.Consumer.Send(Event("a", 1, 0));
        await PolledAsync(run);
        run.Time.Advance(age - TimeSpan.FromSeconds(1));
        run.Consumer.Send(Event("b", 1, 1));
        await PolledAsync(run);
        Assert.Equal(["prepared"], run.Journal.Lines);

        run.Time.Advance(TimeSpan.FromSeconds(1));
        await run.Journal.SeenAsync("stored 0:2");

        Assert.Equal(["prepared", "applied a.1 b.1", "stored 0:2"], run.Journal.Lines);
    }

    [Fact]
    public async Task What_waited_long_in_Kafka_does_not_wait_again()
    {
        await using var run = new StreamRun(
            journal => new ScriptedProjection(journal) { Shape = new BatchShape(100, 1 << 20, TimeSpan.FromMinutes(10)) },
            new() { PollGapMax = TimeSpan.FromDays(1) });
        run.Time.Advance(TimeSpan.FromMinutes(10));
        await run.StartAsync(0);

        run.Consumer.Send(Event("a", 1, 0));

        await run.Journal.SeenAsync("stored 0:1");
    }

    [Fact]
    public async Task Poison_is_a_dead_letter_first_and_behind_the_offset_then()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0);

        run.Consumer.Send(Event("a", 1, 0), Sample.Raw("not json", 0, 1), Event("b", 1, 2));
        await run.Journal.SeenAsync("stored 0:3");

        Assert.Equal(
            ["prepared", $"letter 0:1 {DeadLetterReasons.MalformedJson}", "applied a.1 b.1", "stored 0:3"], run.Journal.Lines);
    }

    [Fact]
    public async Task Poison_alone_moves_the_offset_too()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0);

        run.Consumer.Send(Sample.Raw("not json", 0, 7));
        await run.Journal.SeenAsync("stored 0:8");

        Assert.Equal(["prepared", $"letter 0:7 {DeadLetterReasons.MalformedJson}", "stored 0:8"], run.Journal.Lines);
    }

    [Fact]
    public async Task A_target_that_is_away_moves_no_offset_and_makes_no_dead_letter()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0);
        run.Sink.Failing = () => new HttpRequestException("away");
        run.Consumer.Send(Event("a", 1, 0));
        for (var tries = 1; tries <= 5; tries++)
        {
            await Eventually.Is(() => Task.FromResult(run.Time.Waiting == 1 && run.Time.Waits.Count == tries), $"try {tries} failed");
            Assert.Equal(["prepared"], run.Journal.Lines);
            // As long as it takes, and the partitions stay the consumer's: polling goes on.
            run.Sink.Failing = () => tries < 5 ? new HttpRequestException("away") : null;
            run.Time.Advance(run.Options.BackoffMax);
            await Eventually.Is(() => Task.FromResult(run.Time.Waits.Count > tries || tries == 5), "it is tried again");
        }

        run.Time.Advance(run.Options.DoubtFor);
        await run.Journal.SeenAsync("stored 0:1");

        Assert.Equal(["prepared", "prepared", "applied a.1", "stored 0:1"], run.Journal.Lines);
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_under_way_and_keeps_its_offset()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0);
        run.Sink.Hold();
        run.Consumer.Send(Event("a", 1, 0));
        await run.BegunAsync();

        var stopped = run.StopAsync();
        run.Sink.Release();
        await stopped;

        Assert.Equal(["prepared", "applied a.1", "stored 0:1", "revoked 0", "closed"], run.Journal.Lines);
    }

    private static async Task PolledAsync(StreamRun run)
    {
        var polls = run.Consumer.Polls;
        await Eventually.Is(() => Task.FromResult(run.Consumer.Polls > polls + 3), "the session has looked", TimeSpan.FromSeconds(20));
    }
}

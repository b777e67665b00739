using Confluent.Kafka;
using Orders.Indexer.Streams;
using Orders.Tests.Support;
using Sample = Orders.Tests.Projections.Sample;

namespace Orders.Tests.Streams;

/// <summary>One batch until it is durable.</summary>
[Unit]
public sealed class BatchWorkerTests
{
    [Fact]
    public async Task Waits_for_a_target_that_is_away_double_up_to_the_longest_and_begin_anew_afterwards()
    {
        var options = new StreamOptions { BackoffMax = TimeSpan.FromMilliseconds(500), PollGapMax = TimeSpan.FromDays(1) };
        await using var run = new StreamRun(options: options);
        var failures = 0;
        run.Sink.Failing = () => ++failures <= 4 || failures == 6 ? new HttpRequestException("away") : null;

        await UntilDoneAsync(run, run.Worker.RunAsync(Batch(1), CancellationToken.None));
        await UntilDoneAsync(run, run.Worker.RunAsync(Batch(2), CancellationToken.None));

        double[] longest = [100, 200, 400, 500, 100];
        Assert.Equal(longest.Length, run.Time.Waits.Count);
        Assert.All(run.Time.Waits.Zip(longest), wait =>
            Assert.InRange(wait.First.TotalMilliseconds, wait.Second * 0.8, wait.Second));
        Assert.Equal(["prepared", "prepared", "applied a.1", "applied a.2"], run.Journal.Lines);
        Assert.Empty(run.Kafka.Letters);
    }

    [Fact]
    public async Task It_is_blocked_from_the_first_failure_to_the_next_success()
    {
        await using var run = new StreamRun(options: new() { PollGapMax = TimeSpan.FromDays(1) });
        Assert.False(run.Worker.IsBlocked);
        run.Sink.Failing = () => new HttpRequestException("away");
        var work = run.Worker.RunAsync(Batch(1), CancellationToken.None);
        await Eventually.Is(() => Task.FromResult(run.Time.Waiting == 1), "it waits");
        Assert.True(run.Worker.IsBlocked);

        run.Sink.Failing = () => null;
        await UntilDoneAsync(run, work);

        Assert.False(run.Worker.IsBlocked);
    }

    [Fact]
    public async Task A_dead_letter_that_the_broker_does_not_take_holds_up_the_batch()
    {
        await using var run = new StreamRun(options: new() { PollGapMax = TimeSpan.FromDays(1) });
        var refusals = 0;
        run.Kafka.OnLetter = () => ++refusals <= 2 ? new Error(ErrorCode.BrokerNotAvailable, "not available") : null;

        await UntilDoneAsync(run, run.Worker.RunAsync(Batch(1, poison: true), CancellationToken.None));

        Assert.Equal(2, run.Time.Waits.Count);
        // After a failure the target is made ready once more.
        Assert.Equal(
            ["prepared", $"letter 0:9 {DeadLetterReasons.MalformedJson}", "prepared", "applied a.1"], run.Journal.Lines);
    }

    [Fact]
    public async Task An_event_that_the_target_can_never_take_is_a_dead_letter()
    {
        await using var run = new StreamRun();
        run.Sink.Rejecting = batch => [new Rejection(batch.Events.Single().Raw, DeadLetterReasons.RejectedBySearch, "too long")];

        await run.Worker.RunAsync(Batch(1), CancellationToken.None);

        Assert.Equal(["prepared", "applied a.1", $"letter 0:1 {DeadLetterReasons.RejectedBySearch}"], run.Journal.Lines);
        Assert.Equal(("orders-scripted", "too long"), run.Kafka.Letters.Select(letter => (letter.Group, letter.Detail)).Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Poison_alone_is_no_work_but_for_a_target_that_keeps_account_of_every_place(bool everyVersion)
    {
        await using var run = new StreamRun(journal => new ScriptedProjection(journal) { EveryVersion = everyVersion });

        await run.Worker.RunAsync(Poison(new EventBatch(10, 1000, everyVersion)), CancellationToken.None);

        Assert.Equal(everyVersion, run.Journal.Lines.Contains("applied "));
        Assert.Single(run.Kafka.Letters);
    }

    [Fact]
    public async Task After_a_gap_in_polling_nothing_is_written_until_the_group_had_time_to_speak()
    {
        await using var run = new StreamRun();
        run.Time.Advance(run.Options.PollGapMax + TimeSpan.FromSeconds(1));
        var work = run.Worker.RunAsync(Batch(1), CancellationToken.None);
        await Eventually.Is(() => Task.FromResult(run.Time.Waiting == 1), "it waits");

        Assert.Equal([run.Options.DoubtFor], run.Time.Waits);
        Assert.Equal(["prepared"], run.Journal.Lines);
        run.Time.Advance(run.Options.DoubtFor);
        await work;

        Assert.Equal(["prepared", "applied a.1"], run.Journal.Lines);
    }

    [Fact]
    public async Task Cancelled_it_ends_at_once_and_gives_up_nothing()
    {
        await using var run = new StreamRun();
        run.Sink.Failing = () => new HttpRequestException("away");
        using var cancel = new CancellationTokenSource();
        var work = run.Worker.RunAsync(Batch(1), cancel.Token);
        await Eventually.Is(() => Task.FromResult(run.Time.Waiting == 1), "it waits");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.Empty(run.Kafka.Letters);
    }

    [Fact]
    public async Task An_empty_batch_makes_the_target_ready_and_nothing_else()
    {
        await using var run = new StreamRun();

        await run.Worker.RunAsync(new EventBatch(10, 1000), CancellationToken.None);
        await run.Worker.RunAsync(Batch(1), CancellationToken.None);

        Assert.Equal(["prepared", "applied a.1"], run.Journal.Lines);
    }

    /// <summary>Lets time pass whenever something waits for it.</summary>
    private static async Task UntilDoneAsync(StreamRun run, Task work)
    {
        await Eventually.Is(() =>
        {
            if (run.Time.Waiting > 0) run.Time.Advance(run.Options.BackoffMax);
            return Task.FromResult(work.IsCompleted);
        }, "the batch is done", TimeSpan.FromSeconds(20));
        await work;
    }

    private static EventBatch Batch(int version, bool poison = false)
    {
        var batch = new EventBatch(10, 1 << 20);
        batch.Add(Sample.Taken("a", version, offset: version));
        return poison ? Poison(batch) : batch;
    }

    private static EventBatch Poison(EventBatch batch)
    {
        EventDecoder.Decode(Sample.Raw("not json", 0, 9), Sample.Noon, out var rejection);
        batch.Add(rejection!);
        return batch;
    }
}

using Confluent.Kafka;
using Orders.Indexer.Streams;
using Orders.Tests.Support;
using static Orders.Tests.Streams.StreamRun;

namespace Orders.Tests.Streams;

/// <summary>Partitions that come and go while something is under way.</summary>
[Unit]
public sealed class StreamRebalanceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Partitions_that_are_revoked_leave_when_the_batch_under_way_is_durable()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0, 1);
        run.Sink.Hold();
        run.Consumer.Send(Event("a", 1, 0), Event("b", 1, 0, partition: 1));
        await run.BegunAsync();

        var revoked = run.Consumer.RevokeAsync(0);
        var polls = run.Consumer.Polls;
        await Eventually.Is(() => Task.FromResult(run.Consumer.Polls >= polls), "the group is heard", Patience);
        run.Sink.Release();
        await revoked.WaitAsync(Patience);

        Assert.Equal(["prepared", "applied a.1 b.1", "stored 0:1", "stored 1:1", "revoked 0"], run.Journal.Lines);
    }

    [Fact]
    public async Task A_batch_that_takes_too_long_is_given_up_and_what_stays_is_done_again()
    {
        await using var run = new StreamRun(options: new() { DrainMax = TimeSpan.FromMilliseconds(200) });
        await run.StartAsync(0, 1);
        run.Sink.Hold();
        run.Consumer.Send(Event("a", 1, 0), Event("b", 1, 0, partition: 1));
        await run.BegunAsync();

        await run.Consumer.RevokeAsync(0).WaitAsync(Patience);
        run.Sink.Release();
        await run.Journal.SeenAsync("stored 1:1");

        Assert.Equal(["prepared", "given up a.1 b.1", "revoked 0", "applied b.1", "stored 1:1"], run.Journal.Lines);
    }

    [Fact]
    public async Task What_is_lost_is_not_written_any_more()
    {
        // However long the drain: what is another's by now is not waited for.
        await using var run = new StreamRun(options: new() { DrainMax = TimeSpan.FromMinutes(5) });
        await run.StartAsync(0, 1);
        run.Sink.Hold();
        run.Consumer.Send(Event("a", 1, 0), Event("b", 1, 0, partition: 1));
        await run.BegunAsync();

        await run.Consumer.LoseAsync(0).WaitAsync(Patience);
        run.Sink.Release();
        await run.Journal.SeenAsync("stored 1:1");

        Assert.Equal(["prepared", "given up a.1 b.1", "lost 0", "applied b.1", "stored 1:1"], run.Journal.Lines);
    }

    [Fact]
    public async Task A_batch_that_waits_for_a_broken_server_holds_up_no_rebalance()
    {
        await using var run = new StreamRun(options: new() { DrainMax = TimeSpan.FromMinutes(5) });
        await run.StartAsync(0, 1);
        run.Sink.Failing = () => new HttpRequestException("away");
        run.Consumer.Send(Event("a", 1, 0), Event("b", 1, 0, partition: 1));
        await Eventually.Is(() => Task.FromResult(run.Worker.IsBlocked && run.Time.Waiting == 1), "the target is away", Patience);

        await run.Consumer.RevokeAsync(0).WaitAsync(Patience);
        run.Sink.Failing = () => null;
        await run.Journal.SeenAsync("stored 1:1");

        Assert.Equal(["prepared", "revoked 0", "prepared", "applied b.1", "stored 1:1"], run.Journal.Lines);
        Assert.Empty(run.Kafka.Letters);
    }

    [Fact]
    public async Task What_was_gathered_of_a_partition_leaves_with_it_and_the_rest_keeps_its_order()
    {
        await using var run = new StreamRun(options: new() { BatchEventsMax = 2, DrainMax = TimeSpan.FromMinutes(5) });
        await run.StartAsync(0, 1);
        run.Sink.Hold();
        run.Consumer.Send(
            Event("a", 1, 0), Event("b", 1, 0, partition: 1), Event("a", 2, 1), Event("b", 2, 1, partition: 1));
        await run.BegunAsync();
        await Eventually.Is(() => Task.FromResult(run.Consumer.Delivered == 4), "the next batch is gathered", Patience);

        await run.Consumer.LoseAsync(0).WaitAsync(Patience);
        run.Sink.Release();
        await run.Journal.SeenAsync("stored 1:2");

        // Of one order the newest version is enough; of what is lost nothing is written.
        Assert.Equal(["prepared", "given up a.1 b.1", "lost 0", "applied b.2", "stored 1:2"], run.Journal.Lines);
    }

    [Fact]
    public async Task An_offset_that_can_no_longer_be_stored_is_the_next_owners_affair()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0, 1);
        run.Sink.Hold();
        run.Consumer.Send(Event("a", 1, 0), Event("b", 1, 0, partition: 1));
        await run.BegunAsync();
        run.Consumer.TakeAwaySilently(0);

        run.Sink.Release();
        await run.Journal.SeenAsync("stored 1:1");
        run.Consumer.Send(Event("b", 2, 1, partition: 1));

        await run.Journal.SeenAsync("stored 1:2");
        Assert.False(run.Running.IsCompleted);
    }

    [Fact]
    public async Task Partitions_that_come_back_are_read_although_they_were_paused_when_they_left()
    {
        await using var run = new StreamRun(options: new() { BatchEventsMax = 1, DrainMax = TimeSpan.FromMilliseconds(200) });
        await run.StartAsync(0);
        run.Sink.Hold();
        run.Consumer.Send(Event("a", 1, 0), Event("b", 1, 1), Event("c", 1, 2));
        await Eventually.Is(() => Task.FromResult(run.Consumer.IsPaused), "the partition is paused", Patience);
        await run.Consumer.RevokeAsync(0).WaitAsync(Patience);
        run.Sink.Release();

        await run.Consumer.AssignAsync(0).WaitAsync(Patience);

        await run.Journal.SeenAsync("stored 0:3");
    }

    [Fact]
    public async Task Partitions_that_an_earlier_owner_left_paused_are_read()
    {
        await using var run = new StreamRun();
        await run.StartAsync();
        run.Consumer.LeavePaused(0);

        await run.Consumer.AssignAsync(0).WaitAsync(Patience);
        run.Consumer.Send(Event("a", 1, 0));

        await run.Journal.SeenAsync("stored 0:1");
    }

    [Fact]
    public async Task A_target_that_keeps_its_own_place_says_where_to_begin()
    {
        await using var run = new StreamRun();
        run.Sink.Places[1] = 42;
        await run.StartAsync();

        var places = await run.Consumer.AssignAsync(0, 1).WaitAsync(Patience);

        Assert.Equal([(0, Offset.Unset), (1, new Offset(42))], places.Select(place => (place.Partition.Value, place.Offset)));
    }

    [Fact]
    public async Task A_target_whose_place_is_anothers_ends_the_session_and_moves_no_offset()
    {
        await using var run = new StreamRun();
        await run.StartAsync(0);
        run.Sink.Failing = () => new PositionMovedException("another was here", new InvalidOperationException());

        run.Consumer.Send(Event("a", 1, 0));

        await Assert.ThrowsAsync<StreamBrokenException>(() => run.Running.WaitAsync(Patience));
        Assert.Equal(["prepared"], run.Journal.Lines);
    }
}

using Orders.Indexer.Streams;

namespace Orders.Tests.Projections;

[Unit]
public sealed class EventBatchTests
{
    [Fact]
    public void A_batch_keeps_the_highest_version_of_each_order_whatever_the_order_of_arrival()
    {
        var batch = Batch(Sample.Taken("a", 2, offset: 0), Sample.Taken("b", 1, offset: 1),
            Sample.Taken("a", 1, offset: 2), Sample.Taken("a", 3, offset: 3));

        Assert.Equal([("a", 3), ("b", 1)], Versions(batch));
        Assert.Equal((4, 2), (batch.Taken, batch.Collapsed));
    }

    [Fact]
    public void Offsets_cover_collapsed_and_malformed_records_too()
    {
        var batch = Batch(Sample.Taken("a", 2, partition: 1, offset: 10), Sample.Taken("a", 1, partition: 1, offset: 11));
        batch.Add(new Rejection(new RawEvent(2, 5, null, null), DeadLetterReasons.EmptyValue, ""));

        Assert.Equal(new Dictionary<int, long> { [1] = 12, [2] = 6 }, batch.NextOffsets);
    }

    [Fact]
    public void A_batch_is_full_by_events_or_by_bytes()
    {
        var byEvents = new EventBatch(eventsMax: 2, bytesMax: long.MaxValue);
        byEvents.Add(Sample.Taken("a", 1));
        Assert.False(byEvents.IsFull);
        byEvents.Add(Sample.Taken("a", 2));
        Assert.True(byEvents.IsFull);

        var byBytes = new EventBatch(eventsMax: 100, bytesMax: 100);
        byBytes.Add(Sample.Taken("a", 1));
        Assert.True(byBytes.IsFull);
    }

    [Fact]
    public void What_leaves_with_its_partition_takes_its_offsets_along()
    {
        var batch = Batch(Sample.Taken("a", 1, partition: 1, offset: 1), Sample.Taken("b", 1, partition: 2, offset: 1),
            Sample.Taken("b", 2, partition: 2, offset: 2));
        batch.Add(new Rejection(new RawEvent(1, 2, null, null), DeadLetterReasons.EmptyValue, ""));
        batch.Add(new Rejection(new RawEvent(2, 3, null, null), DeadLetterReasons.EmptyValue, ""));

        var rest = batch.Without(new HashSet<int> { 1 });

        Assert.Equal([("b", 2)], Versions(rest));
        Assert.Equal(new Dictionary<int, long> { [2] = 4 }, rest.NextOffsets);
        Assert.Single(rest.Malformed);
    }

    [Fact]
    public void A_batch_that_was_given_up_goes_before_what_was_gathered_meanwhile()
    {
        var given = Batch(Sample.Taken("a", 1, offset: 1), Sample.Taken("b", 5, offset: 2));
        given.Append(Batch(Sample.Taken("a", 2, offset: 3), Sample.Taken("b", 4, offset: 4)));

        Assert.Equal([("a", 2), ("b", 5)], Versions(given));
        Assert.Equal(new Dictionary<int, long> { [0] = 5 }, given.NextOffsets);
    }

    [Fact]
    public void The_age_of_a_batch_is_that_of_its_oldest_change() =>
        Assert.Equal(Sample.Noon.AddSeconds(1), Batch(Sample.Taken("a", 3), Sample.Taken("b", 1), Sample.Taken("c", 2)).Oldest);

    [Fact]
    public void A_projection_that_asked_for_it_gets_every_event_in_order_of_arrival_and_each_place_once()
    {
        var batch = Whole(Sample.Taken("a", 1, offset: 0), Sample.Taken("b", 1, offset: 1), Sample.Taken("a", 2, offset: 2),
            Sample.Taken("a", 1, offset: 3), Sample.Taken("a", 2, offset: 2));

        Assert.Equal([("a", 1), ("b", 1), ("a", 2), ("a", 1)], batch.Events.Select(taken => (taken.OrderId, taken.Version)));
        Assert.Equal((5, 1), (batch.Taken, batch.Collapsed));
        Assert.Equal(new Dictionary<int, long> { [0] = 4 }, batch.NextOffsets);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_copy_that_is_sent_again_never_takes_the_place_of_what_happened(bool first)
    {
        var (original, copy) = (Sample.Taken("a", 1, offset: first ? 1 : 0), Sample.Taken("a", 1, offset: first ? 0 : 1));
        copy = copy with { Event = copy.Event with { Rebuild = true } };

        var batch = first ? Whole(copy, original) : Whole(original, copy);

        Assert.Contains(original, batch.Events);
        Assert.Equal(2, batch.Events.Count);
        // Where the newest counts, the copy does: it is sent to be written again.
        Assert.Same(copy, Assert.Single((first ? Batch(copy, original) : Batch(original, copy)).Events));
    }

    [Fact]
    public void Every_version_stays_when_partitions_leave_and_when_a_batch_is_given_back()
    {
        var given = Whole(Sample.Taken("a", 1, partition: 1, offset: 1), Sample.Taken("b", 1, partition: 2, offset: 1),
            Sample.Taken("a", 2, partition: 1, offset: 2)).Without(new HashSet<int> { 2 });
        given.Append(Whole(Sample.Taken("a", 2, partition: 1, offset: 2), Sample.Taken("a", 3, partition: 1, offset: 4)));

        Assert.Equal([("a", 1), ("a", 2), ("a", 3)], given.Events.Select(taken => (taken.OrderId, taken.Version)));
        Assert.Equal(new Dictionary<int, long> { [1] = 5 }, given.NextOffsets);
    }

    private static EventBatch Whole(params ReadOnlySpan<StreamEvent> events)
    {
        var batch = new EventBatch(eventsMax: 1000, bytesMax: long.MaxValue, everyVersion: true);
        foreach (var taken in events) batch.Add(taken);
        return batch;
    }

    private static EventBatch Batch(params ReadOnlySpan<StreamEvent> events)
    {
        var batch = new EventBatch(eventsMax: 1000, bytesMax: long.MaxValue);
        foreach (var taken in events) batch.Add(taken);
        return batch;
    }

    private static IEnumerable<(string Id, int Version)> Versions(EventBatch batch) =>
        batch.Events.Select(taken => (taken.OrderId, taken.Version)).OrderBy(entry => entry.OrderId, StringComparer.Ordinal);
}

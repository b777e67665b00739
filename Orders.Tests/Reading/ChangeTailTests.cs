using Orders.Api.Changes;

namespace Orders.Tests.Reading;

[Unit]
public sealed class ChangeTailTests
{
    private static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;

    [Fact]
    public void Whatever_was_added_or_skipped_it_answers_all_of_a_range_or_nothing()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var tail = new ChangeTail(40, 100_000);
        var all = new List<Change>();
        for (var round = 0; round < 2000; round++)
        {
            var batch = Enumerable.Range(0, random.Next(1, 12)).Select(i => Change(all.Count + 1 + i)).ToList();
            all.AddRange(batch);
            if (random.Next(20) == 0) tail.Skip(all.Count);
            else tail.Append(batch, all.Count);

            var query = new ChangeQuery(Math.Max(0, all.Count - random.Next(70)), random.Next(1, 30), null, null);
            if (tail.Read(query) is not { } page) continue;
            var wanted = all.Skip((int)query.After).Take(query.Limit).ToList();
            Assert.True(wanted.SequenceEqual(page.Items), $"seed {seed}, round {round}, after {query.After}, limit {query.Limit}");
            Assert.Equal(query.After + wanted.Count, page.Next);
        }
    }

    [Fact]
    public void The_newest_are_answered_from_memory_and_what_is_further_back_is_not()
    {
        var tail = new ChangeTail(10, 100_000);
        tail.Skip(100);
        for (var position = 101; position <= 120; position++) tail.Append([Change(position)], position);

        Assert.Equal([118, 119, 120], tail.Read(All(after: 117))!.Items.Select(change => change.Position));
        Assert.Equal(10, tail.Read(All(after: 110))!.Items.Count);
        Assert.Null(tail.Read(All(after: 109)));
        Assert.Empty(tail.Read(All(after: 120))!.Items);
    }

    [Fact]
    public void Bytes_bound_it_too_and_the_newest_batch_stays()
    {
        var tail = new ChangeTail(1000, 25);
        for (var position = 1; position <= 5; position++) tail.Append([Change(position, bytes: 10)], position);
        Assert.Null(tail.Read(All(after: 2)));
        Assert.Equal(2, tail.Read(All(after: 3))!.Items.Count);

        tail.Append([Change(6, bytes: 100)], 6);
        Assert.Null(tail.Read(All(after: 4)));
        Assert.Single(tail.Read(All(after: 5))!.Items);
    }

    [Fact]
    public void A_filter_passes_over_what_does_not_fit_and_moves_on_all_the_same()
    {
        var tail = new ChangeTail(100, 100_000);
        tail.Append([Change(1, "cus-a"), Change(2, "cus-b"), Change(3, "cus-b", "orders.paid")], 3);

        var own = tail.Read(new ChangeQuery(0, 10, null, "cus-b"))!;
        Assert.Equal([2, 3], own.Items.Select(change => change.Position));
        Assert.Equal(3, own.Next);
        var paid = tail.Read(new ChangeQuery(0, 10, ["orders.paid"], "cus-a"))!;
        Assert.Equal((0, 3), (paid.Items.Count, paid.Next));
        var first = tail.Read(new ChangeQuery(0, 1, null, "cus-b"))!;
        Assert.Equal((2, 3), (first.Next, first.Newest));
    }

    [Fact]
    public async Task Who_waits_is_woken_by_what_comes_after_their_position_and_otherwise_by_the_clock()
    {
        var tail = new ChangeTail(100, 100_000);
        tail.Append([Change(1)], 1);
        Assert.True(tail.WaitAsync(0, Forever, TimeProvider.System, default).IsCompletedSuccessfully);
        var waiting = tail.WaitAsync(1, Forever, TimeProvider.System, default);
        Assert.False(waiting.IsCompleted);
        tail.Append([Change(2)], 2);
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TimeoutException>(() => tail.WaitAsync(2, TimeSpan.FromMilliseconds(20), TimeProvider.System, default));
    }

    private static ChangeQuery All(long after) => new(after, 1000, null, null);

    private static Change Change(long position, string customer = "cus-1", string type = "orders.placed", int bytes = 1) =>
        new(position, type, customer, new byte[bytes]);
}

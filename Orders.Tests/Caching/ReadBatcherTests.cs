using Orders.ServiceDefaults.Caching;

namespace Orders.Tests.Caching;

[Unit]
public sealed class ReadBatcherTests
{
    private readonly List<(string[] Keys, TaskCompletionSource<string[]> Reply)> _trips = [];

    [Fact]
    public async Task A_read_alone_leaves_at_once()
    {
        var batcher = Make();
        var read = batcher.GetAsync("a");
        Assert.Equal(["a"], Assert.Single(_trips).Keys);
        _trips[0].Reply.SetResult(["1"]);
        Assert.Equal("1", await read);
    }

    [Fact]
    public async Task What_is_asked_during_a_trip_goes_out_together_after_it_and_each_key_once()
    {
        var batcher = Make();
        var first = batcher.GetAsync("a");
        var others = new[] { "b", "a", "b", "c" }.Select(batcher.GetAsync).ToArray();
        Assert.Single(_trips);

        _trips[0].Reply.SetResult(["old"]);
        Assert.Equal("old", await first);
        await TripsAsync(2);

        Assert.Equal(["b", "a", "c"], _trips[1].Keys);
        // The second reader of a asked while the first trip was on its way: what that one saw is not good enough.
        Assert.All(others, read => Assert.False(read.IsCompleted));
        _trips[1].Reply.SetResult(["B", "new", "C"]);
        Assert.Equal(["B", "new", "B", "C"], await Task.WhenAll(others));
    }

    [Fact]
    public async Task A_trip_takes_no_more_keys_than_it_may()
    {
        var batcher = Make(keysMax: 2);
        var reads = new[] { "a", "b", "c", "d" }.Select(batcher.GetAsync).ToArray();
        _trips[0].Reply.SetResult(["1"]);
        await TripsAsync(2);
        Assert.Equal(["b", "c"], _trips[1].Keys);
        _trips[1].Reply.SetResult(["2", "3"]);
        await TripsAsync(3);
        Assert.Equal(["d"], _trips[2].Keys);
        _trips[2].Reply.SetResult(["4"]);
        Assert.Equal(["1", "2", "3", "4"], await Task.WhenAll(reads));
    }

    [Fact]
    public async Task A_failure_is_for_those_who_asked_and_the_next_trip_goes_on()
    {
        var batcher = Make();
        var lost = batcher.GetAsync("a");
        var next = batcher.GetAsync("b");
        _trips[0].Reply.SetException(new TimeoutException("away"));
        await Assert.ThrowsAsync<TimeoutException>(() => lost);
        await TripsAsync(2);
        _trips[1].Reply.SetResult(["2"]);
        Assert.Equal("2", await next);
        var later = batcher.GetAsync("c");
        await TripsAsync(3);
        _trips[2].Reply.SetResult(["3"]);
        Assert.Equal("3", await later);
    }

    [Fact]
    public async Task Thousands_at_once_get_their_own_answers()
    {
        var batcher = new ReadBatcher<string>(async keys =>
        {
            await Task.Yield();
            return Array.ConvertAll(keys, key => "of " + key);
        }, 64);
        await Parallel.ForAsync(0, 20_000, async (number, _) =>
            Assert.Equal($"of {number % 500}", await batcher.GetAsync($"{number % 500}")));
    }

    private ReadBatcher<string> Make(int keysMax = 256) => new(keys =>
    {
        var reply = new TaskCompletionSource<string[]>();
        lock (_trips) _trips.Add((keys, reply));
        return reply.Task;
    }, keysMax);

    private Task TripsAsync(int count) => Support.Eventually.Is(() => Task.FromResult(_trips.Count == count), $"{count} round trips");
}

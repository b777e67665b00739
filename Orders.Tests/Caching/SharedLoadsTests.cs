using Orders.ServiceDefaults.Caching;

namespace Orders.Tests.Caching;

/// <summary>Readers of one order share reads of the database, and none gets what was true only before it asked.</summary>
[Unit]
public sealed class SharedLoadsTests
{
    private readonly List<(string Key, TaskCompletionSource<int> Answer)> _loads = [];
    private readonly SharedLoads<int> _shared;

    public SharedLoadsTests() => _shared = new SharedLoads<int>(key =>
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_loads) _loads.Add((key, answer));
        return answer.Task;
    });

    [Fact]
    public async Task Who_asks_while_a_load_is_on_its_way_gets_the_answer_of_the_next_one()
    {
        var early = _shared.GetAsync("a");
        // An order is changed now: every later reader must see the change.
        var late = _shared.GetAsync("a");
        var later = _shared.GetAsync("a");
        var other = _shared.GetAsync("b");
        Assert.Equal(["a", "b"], Keys());

        _loads[0].Answer.SetResult(1);
        Assert.Equal(1, await early);
        await LoadsAsync(3);
        Assert.False(late.IsCompleted || later.IsCompleted || other.IsCompleted);
        _loads[2].Answer.SetResult(2);
        _loads[1].Answer.SetResult(7);

        var answers = await Task.WhenAll(late, later, other);
        Assert.Equal([2, 2, 7], answers);
        Assert.Equal(["a", "b", "a"], Keys());
    }

    [Fact]
    public async Task A_load_that_fails_fails_for_those_who_asked_for_it_and_not_for_the_next_ones()
    {
        var early = _shared.GetAsync("a");
        var late = _shared.GetAsync("a");

        _loads[0].Answer.SetException(new TimeoutException("the database is away"));

        await Assert.ThrowsAsync<TimeoutException>(() => early);
        await LoadsAsync(2);
        _loads[1].Answer.SetResult(3);
        Assert.Equal(3, await late);

        // Nothing is left of it.
        await Support.Eventually.Is(
            () =>
            {
                var again = _shared.GetAsync("a");
                return Task.FromResult(!again.IsCompleted);
            }, "a load of its own");
        await LoadsAsync(3);
    }

    private List<string> Keys()
    {
        lock (_loads) return _loads.ConvertAll(load => load.Key);
    }

    private Task LoadsAsync(int count) =>
        Support.Eventually.Is(() => Task.FromResult(Keys().Count == count), $"{count} loads");
}

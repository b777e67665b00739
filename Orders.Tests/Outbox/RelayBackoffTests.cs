using Orders.Api.Outbox;

namespace Orders.Tests.Outbox;

[Unit]
public sealed class RelayBackoffTests
{
    private readonly RelayBackoff _backoff = new(TimeSpan.FromSeconds(1));

    [Fact]
    public void Pauses_double_up_to_the_longest()
    {
        Assert.Equal([100, 200, 400, 800, 1000, 1000], Pauses(6));
    }

    [Fact]
    public void A_session_that_comes_no_further_than_the_one_before_it_leaves_the_pause_as_it_is()
    {
        Assert.True(_backoff.Progressed(50));
        Assert.Equal([100, 200], Pauses(2));
        // The same events again, up to the one at which it fails.
        Assert.False(_backoff.Progressed(40));
        Assert.False(_backoff.Progressed(50));
        Assert.Equal([400], Pauses(1));
        Assert.True(_backoff.Progressed(51));
        Assert.Equal([100], Pauses(1));
    }

    [Fact]
    public void A_new_slot_may_stand_anywhere()
    {
        Assert.True(_backoff.Progressed(50));
        Assert.Equal([100, 200], Pauses(2));
        _backoff.Restart();
        Assert.True(_backoff.Progressed(10));
        Assert.Equal([100], Pauses(1));
    }

    private List<double> Pauses(int count) => [.. Enumerable.Range(0, count).Select(_ => _backoff.Next().TotalMilliseconds)];
}

using Orders.Api.Outbox;

namespace Orders.Tests.Outbox;

public sealed class InFlightWindowTests
{
    [Fact]
    public void The_position_stays_before_the_first_unacknowledged_transaction()
    {
        var window = new InFlightWindow(100, 1000);
        var first = Sent(window, 10);
        var second = Sent(window, 20);
        window.Acknowledged(second, 1);

        Assert.False(window.TryAdvance(out _));
        window.Acknowledged(first, 1);
        Assert.True(window.TryAdvance(out var position));
        Assert.Equal(20UL, position);
        Assert.False(window.TryAdvance(out _));
    }

    [Fact]
    public void A_transaction_without_its_commit_holds_the_position_although_all_is_acknowledged()
    {
        var window = new InFlightWindow(100, 1000);
        var open = window.Open();
        window.Sent(open, 1);
        window.Acknowledged(open, 1);

        Assert.False(window.TryAdvance(out _));
        window.Close(open, 30);
        Assert.True(window.TryAdvance(out var position));
        Assert.Equal(30UL, position);
    }

    [Fact]
    public void Every_event_of_a_transaction_counts()
    {
        var window = new InFlightWindow(100, 1000);
        var transaction = window.Open();
        window.Sent(transaction, 1);
        window.Sent(transaction, 1);
        window.Close(transaction, 40);
        window.Acknowledged(transaction, 1);

        Assert.False(window.TryAdvance(out _));
        window.Acknowledged(transaction, 1);
        Assert.True(window.TryAdvance(out _));
    }

    [Fact]
    public void A_heartbeat_moves_an_idle_position()
    {
        var window = new InFlightWindow(100, 1000);
        window.Close(window.Open(), 50);
        Assert.True(window.TryAdvance(out var position));
        Assert.Equal(50UL, position);
    }

    [Theory]
    [InlineData(2, 1000)]
    [InlineData(1000, 2)]
    public async Task Reading_waits_while_too_much_is_in_flight(int messagesMax, long bytesMax)
    {
        var window = new InFlightWindow(messagesMax, bytesMax);
        var transaction = window.Open();
        window.Sent(transaction, 1);
        Assert.True(window.WaitForRoomAsync(default).IsCompletedSuccessfully);
        window.Sent(transaction, 1);
        var waiting = window.WaitForRoomAsync(default);

        Assert.False(waiting.IsCompleted);
        window.Acknowledged(transaction, 1);
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Acknowledgements_in_any_order_never_confirm_too_much()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var window = new InFlightWindow(1000, 1_000_000);
            var open = Enumerable.Range(1, 30).Select(i => (Position: (ulong)i, Transaction: Sent(window, (ulong)i))).ToList();
            while (open.Count > 0)
            {
                var pick = random.Next(open.Count);
                window.Acknowledged(open[pick].Transaction, 1);
                open.RemoveAt(pick);
                if (window.TryAdvance(out var position)) Assert.DoesNotContain(open, entry => entry.Position <= position);
            }
        }
    }

    private static InFlightWindow.Transaction Sent(InFlightWindow window, ulong position)
    {
        var transaction = window.Open();
        window.Sent(transaction, 1);
        window.Close(transaction, position);
        return transaction;
    }
}

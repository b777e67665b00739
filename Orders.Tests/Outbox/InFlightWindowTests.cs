using Confluent.Kafka;
using Orders.Api.Outbox;

namespace Orders.Tests.Outbox;

[Unit]
public sealed class InFlightWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Events_leave_in_the_order_in_which_they_came_and_none_before_the_first_that_is_not_acknowledged()
    {
        var window = Window();
        var (first, second, third) = (Sent(window, 10), Sent(window, 20), Sent(window, 30));
        Acknowledge(window, third);
        Acknowledge(window, second);

        Assert.Equal((0, 0UL), Taken(window));
        Acknowledge(window, first);
        var (events, position) = window.Take(100);
        Assert.Equal([first, second, third], events);
        Assert.Equal(30UL, position);
        Assert.Equal((0, 0UL), Taken(window));
    }

    [Fact]
    public void The_position_stays_before_the_first_unacknowledged_event()
    {
        var window = Window();
        var (first, second) = (Sent(window, 10), Sent(window, 20));
        Acknowledge(window, first);
        Assert.Equal((1, 10UL), Taken(window));
        Acknowledge(window, second);
        Assert.Equal((1, 20UL), Taken(window));
    }

    [Fact]
    public void A_transaction_without_its_commit_holds_the_position_although_all_is_acknowledged()
    {
        var window = Window();
        Acknowledge(window, Sent(window));

        Assert.Equal((1, 0UL), Taken(window));
        window.Mark(30);
        Assert.Equal((0, 30UL), Taken(window));
    }

    [Fact]
    public void Every_event_of_a_transaction_counts()
    {
        var window = Window();
        var (first, second) = (Sent(window), Sent(window, 40));
        Acknowledge(window, second);

        Assert.Equal((0, 0UL), Taken(window));
        Acknowledge(window, first);
        Assert.Equal((2, 40UL), Taken(window));
    }

    [Fact]
    public void A_heartbeat_moves_an_idle_position()
    {
        var window = Window();
        window.Mark(50);
        Assert.Equal((0, 50UL), Taken(window));
    }

    [Fact]
    public void A_position_never_leaves_before_events_that_the_limit_has_held_back()
    {
        var window = Window();
        foreach (var sent in Enumerable.Range(1, 5).Select(i => Sent(window, (ulong)i)).ToList()) Acknowledge(window, sent);

        Assert.Equal((2, 2UL), Taken(window, 2));
        Assert.Equal((2, 4UL), Taken(window, 2));
        Assert.Equal((1, 5UL), Taken(window, 2));
    }

    [Theory]
    [InlineData(2, 1000, 1000)]
    [InlineData(1000, 2, 1000)]
    public async Task Reading_waits_while_too_much_is_on_its_way_to_Kafka(int messagesMax, long bytesMax, int unsequencedMax)
    {
        var window = new InFlightWindow(messagesMax, bytesMax, unsequencedMax);
        var first = Sent(window);
        Assert.True(window.WaitForRoomAsync(default).IsCompletedSuccessfully);
        Sent(window);
        var waiting = window.WaitForRoomAsync(default);

        Assert.False(waiting.IsCompleted);
        Acknowledge(window, first);
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Reading_waits_while_too_much_is_not_written_down_although_Kafka_has_it()
    {
        var window = new InFlightWindow(1000, 1000, 2);
        // One transaction that is larger than the bound and whose end has not come: it must get through all the same.
        Acknowledge(window, Sent(window));
        Acknowledge(window, Sent(window));
        var waiting = window.WaitForRoomAsync(default);

        Assert.Equal((2, 0UL), Taken(window));
        Assert.False(waiting.IsCompleted);
        window.Sequenced(1);
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(1, window.Unsequenced);
    }

    [Fact]
    public async Task Who_waits_for_something_to_take_is_woken_by_the_first_event_and_not_by_others()
    {
        var window = Window();
        var (first, second) = (Sent(window), Sent(window));
        var waiting = window.WaitForPrefixAsync(default);

        Acknowledge(window, second);
        Assert.False(waiting.IsCompleted);
        Acknowledge(window, first);
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.True(window.WaitForPrefixAsync(default).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_Kafka_refused_leaves_in_its_place_and_holds_nothing_up()
    {
        var window = Window();
        var (first, second) = (Sent(window, 10), Sent(window, 20));
        var quiet = window.WaitForQuietAsync(default);
        Acknowledge(window, second);
        var source = new OutboxEvent(1, "ord-1", 1, "orders.placed", null, [0]);
        window.Refused(first, new Refusal(source, new Error(ErrorCode.MsgSizeTooLarge)));

        Assert.Equal((2, 20UL), Taken(window));
        Assert.False(quiet.IsCompleted);
        window.Sequenced(2);
        await quiet.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Acknowledgements_in_any_order_never_let_go_of_too_much()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var window = Window();
            var open = Enumerable.Range(1, 30).Select(i => (Position: (ulong)i, Event: Sent(window, (ulong)i))).ToList();
            var all = open.ConvertAll(entry => entry.Event);
            var taken = new List<InFlightEvent>();
            while (open.Count > 0)
            {
                var pick = random.Next(open.Count);
                Acknowledge(window, open[pick].Event);
                open.RemoveAt(pick);
                var (events, position) = window.Take(random.Next(1, 5));
                taken.AddRange(events);
                Assert.DoesNotContain(open, entry => entry.Position <= position);
                Assert.Empty(taken.Intersect(open.ConvertAll(entry => entry.Event)));
            }

            while (window.Take(5).Events is { Count: > 0 } events) taken.AddRange(events);
            Assert.Equal(all, taken);
        }
    }

    [Theory]
    [InlineData(5U, 100UL, 5UL)]
    [InlineData(100U, 100UL, 100UL)]
    [InlineData(7U, 0x1_0000_0010UL, 0x1_0000_0007UL)]
    [InlineData(0xFFFF_FFF0U, 0x1_0000_0010UL, 0xFFFF_FFF0UL)]
    [InlineData(0xFFFF_FFF0U, 0x3_0000_0010UL, 0x2_FFFF_FFF0UL)]
    public void A_transactions_id_is_whole_again_across_the_turn_of_the_counter(uint low, ulong next, ulong whole) =>
        Assert.Equal(whole, ChangeWriter.Whole(low, next));

    private static InFlightWindow Window() => new(1000, 1_000_000, 1000);

    private static InFlightEvent Sent(InFlightWindow window, ulong position = 0)
    {
        var sent = new InFlightEvent(new OutboxEvent(1, "ord-1", 1, "orders.placed", null, [0]), 1, Now);
        window.Sent(sent);
        if (position > 0) window.Mark(position);
        return sent;
    }

    private static void Acknowledge(InFlightWindow window, InFlightEvent sent) => window.Acknowledged(sent, new Delivery(0, 0, Now));

    private static (int Events, ulong Position) Taken(InFlightWindow window, int max = 100)
    {
        var (events, position) = window.Take(max);
        return (events.Count, position);
    }
}

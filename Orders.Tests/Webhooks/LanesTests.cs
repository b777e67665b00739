using System.Globalization;
using Orders.Indexer.Webhooks;

namespace Orders.Tests.Webhooks;

[Unit]
public sealed class LanesTests
{
    [Fact]
    public void Lanes_take_turns_whatever_their_length()
    {
        var lanes = new Lanes(totalMax: 4, perSubscriptionMax: 4);
        Add(lanes, "a", 10);
        Add(lanes, "b", 1);
        Add(lanes, "c", 1);

        Assert.Equal(["a1", "b1", "c1", "a2"], Started(lanes));
    }

    [Fact]
    public void One_subscription_gets_no_more_than_its_share_and_all_together_no_more_than_the_total()
    {
        var lanes = new Lanes(totalMax: 3, perSubscriptionMax: 2);
        Add(lanes, "a", 5);
        Assert.Equal(["a1", "a2"], Started(lanes));

        Add(lanes, "b", 5);
        Assert.Equal(["b1"], Started(lanes));

        Assert.Equal((3, 7, 0), (lanes.InFlight, lanes.Waiting, lanes.Room));
    }

    [Fact]
    public void Receivers_that_fail_get_half_of_the_total()
    {
        var lanes = new Lanes(totalMax: 4, perSubscriptionMax: 1);
        foreach (var name in new[] { "a", "b", "c", "d" }) Add(lanes, name, 1, isProbe: true);
        Assert.Equal(["a1", "b1"], Started(lanes));

        Add(lanes, "e", 1);
        Add(lanes, "f", 1);
        Assert.Equal(["e1", "f1"], Started(lanes));
    }

    [Fact]
    public void Two_changes_of_one_order_are_not_under_way_to_the_same_receiver()
    {
        var lanes = new Lanes(totalMax: 4, perSubscriptionMax: 4);
        var first = One("a", "o.1", order: "o");
        lanes.Add(first);
        lanes.Add(One("a", "o.2", order: "o"));
        lanes.Add(One("a", "p.1", order: "p"));
        lanes.Add(One("b", "o.1", order: "o"));
        Assert.Equal(["o.1", "o.1", "p.1"], Started(lanes).Order(StringComparer.Ordinal));

        lanes.Done(first);

        Assert.Equal(["o.2"], Started(lanes));
    }

    [Fact]
    public void More_is_wanted_when_a_lane_that_had_more_behind_it_is_half_empty()
    {
        var lanes = new Lanes(totalMax: 8, perSubscriptionMax: 4);
        var taken = Enumerable.Range(1, 4).Select(i => One("a", Name("a", i), mayBeMore: true)).ToList();
        taken.ForEach(lanes.Add);
        _ = Started(lanes);
        Assert.False(lanes.WantsMore);
        lanes.Done(taken[0]);
        lanes.Done(taken[1]);
        Assert.True(lanes.WantsMore);
        lanes.Done(taken[2]);
        lanes.Done(taken[3]);
        Assert.True(lanes.WantsMore);

        lanes.Asked();

        Assert.False(lanes.WantsMore);
        Assert.Empty(lanes.Taken);
    }

    [Fact]
    public void What_waits_can_be_given_back_and_what_is_under_way_still_ends()
    {
        var lanes = new Lanes(totalMax: 1, perSubscriptionMax: 1);
        var taken = new[] { One("a", "a1"), One("a", "a2"), One("b", "b1") };
        Array.ForEach(taken, lanes.Add);
        Assert.Equal(["a1"], Started(lanes));

        Assert.Equal(["a2", "b1"], lanes.Empty().Select(delivery => delivery.EventId));
        lanes.Done(taken[0]);

        Assert.Equal((0, 0), (lanes.InFlight, lanes.Waiting));
        Assert.Null(lanes.Next());
        Assert.Empty(lanes.Taken);
    }

    private static List<string> Started(Lanes lanes)
    {
        var started = new List<string>();
        while (lanes.Next() is { } next) started.Add(next.EventId);
        return started;
    }

    private static void Add(Lanes lanes, string subscription, int count, bool isProbe = false)
    {
        for (var i = 1; i <= count; i++) lanes.Add(One(subscription, Name(subscription, i), isProbe: isProbe));
    }

    private static string Name(string subscription, int number) => string.Create(CultureInfo.InvariantCulture, $"{subscription}{number}");

    private static Delivery One(string subscription, string id, string? order = null, bool isProbe = false, bool mayBeMore = false) =>
        new(id, subscription, 1, 1, 0, isProbe, mayBeMore, new WebhookTarget("https://example.com", "", null),
            new WebhookEvent("orders.placed", order, null, "{}", default));
}

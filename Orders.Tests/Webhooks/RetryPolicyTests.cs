using Orders.Indexer.Webhooks;

namespace Orders.Tests.Webhooks;

[Unit]
public sealed class RetryPolicyTests
{
    private static readonly WebhookOptions Options = new();

    [Fact]
    public void Waits_grow_from_seconds_to_hours_and_the_tries_span_about_two_days()
    {
        var waits = Enumerable.Range(1, Options.AttemptsMax - 1).Select(tries => RetryPolicy.WaitAfter(tries, Options)).ToList();

        Assert.Equal([5, 15, 45, 135, 405, 1215, 3645, 10_935, 21_600, 21_600], waits.Take(10).Select(wait => wait.TotalSeconds));
        var whole = TimeSpan.FromTicks(waits.Sum(wait => wait.Ticks));
        Assert.InRange(whole, TimeSpan.FromHours(24), TimeSpan.FromHours(72));
        Assert.InRange(whole * 0.8, TimeSpan.FromHours(24), TimeSpan.FromHours(72));
        Assert.Equal(Options.RetryMax, RetryPolicy.WaitAfter(int.MaxValue, Options));
    }

    [Fact]
    public void A_wait_is_shortened_by_up_to_a_fifth()
    {
        Assert.Equal(TimeSpan.FromSeconds(45), Judge(3, 500, random: 0).Wait);
        Assert.Equal(TimeSpan.FromSeconds(36), Judge(3, 500, random: 1).Wait);
    }

    [Theory]
    [InlineData(200, nameof(DeliveryFate.Delivered))]
    [InlineData(204, nameof(DeliveryFate.Delivered))]
    [InlineData(299, nameof(DeliveryFate.Delivered))]
    [InlineData(199, nameof(DeliveryFate.Pending))]
    [InlineData(301, nameof(DeliveryFate.Pending))]
    [InlineData(307, nameof(DeliveryFate.Pending))]
    [InlineData(400, nameof(DeliveryFate.Pending))]
    [InlineData(500, nameof(DeliveryFate.Pending))]
    [InlineData(null, nameof(DeliveryFate.Pending))]
    public void Only_a_status_in_the_two_hundreds_is_a_success(int? status, string fate) =>
        Assert.Equal(fate, Judge(1, status).Fate.ToString());

    [Fact]
    public void The_last_try_decides()
    {
        Assert.Equal(DeliveryFate.Pending, Judge(Options.AttemptsMax - 1, 500).Fate);
        Assert.Equal(DeliveryFate.Failed, Judge(Options.AttemptsMax, 500).Fate);
        Assert.Equal(DeliveryFate.Delivered, Judge(Options.AttemptsMax, 200).Fate);
    }

    [Fact]
    public void A_receiver_that_is_gone_ends_the_subscription_and_not_the_delivery()
    {
        var result = Judge(Options.AttemptsMax, 410);

        Assert.True(result.IsGone);
        Assert.Equal(DeliveryFate.Pending, result.Fate);
    }

    [Theory]
    [InlineData(429, 30, 30)]
    [InlineData(503, 30, 30)]
    [InlineData(429, 100_000, 3600)]
    public void What_a_receiver_asks_for_is_granted_within_bounds_and_holds_for_all_its_deliveries(int status, int asked, int granted)
    {
        var result = Judge(1, status, retryAfter: TimeSpan.FromSeconds(asked));

        Assert.Equal((TimeSpan.FromSeconds(granted), TimeSpan.FromSeconds(granted)), (result.Wait, result.Hold));
    }

    [Theory]
    [InlineData(500, 30)]
    [InlineData(429, -5)]
    public void What_is_not_for_a_receiver_to_ask_changes_nothing(int status, int asked)
    {
        var result = Judge(1, status, retryAfter: TimeSpan.FromSeconds(asked));

        Assert.Equal((TimeSpan.FromSeconds(5), null), (result.Wait, result.Hold));
    }

    [Fact]
    public void A_tally_counts_failures_since_the_last_success_in_order()
    {
        var tallies = Tally.Of([
            Judge(1, 500, subscription: "b"), Judge(1, 200, subscription: "a"), Judge(1, 500, subscription: "a"),
            Judge(1, 200, subscription: "b"), Judge(1, null, subscription: "a"),
            Judge(1, 503, subscription: "c", retryAfter: TimeSpan.FromSeconds(9)), Judge(1, 410, subscription: "c"),
            new DeliveryResult(Sent("d", 1), null, DeliveryFate.Released),
        ]);

        Assert.Equal(
            [
                new Tally("a", Succeeded: true, Failures: 2, IsGone: false, Hold: null),
                new Tally("b", Succeeded: true, Failures: 0, IsGone: false, Hold: null),
                new Tally("c", Succeeded: false, Failures: 2, IsGone: true, Hold: TimeSpan.FromSeconds(9)),
            ],
            tallies);
    }

    private static DeliveryResult Judge(
        int tries, int? status, double random = 0, TimeSpan? retryAfter = null, string subscription = "s") =>
        RetryPolicy.Judge(
            Sent(subscription, tries),
            new Attempt(default, default, status, status is null ? AttemptErrors.Timeout : null, null, retryAfter), Options, random);

    private static Delivery Sent(string subscription, int tries) => new(
        "e", subscription, tries, tries, 0, false, false, new WebhookTarget("https://example.com", "", null),
        new WebhookEvent("orders.placed", "o", null, "{}", default));
}

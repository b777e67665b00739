namespace Orders.Indexer.Webhooks;

/// <summary>What several results together say about a subscription.</summary>
/// <param name="Succeeded">One of them was a success, so failures count anew.</param>
/// <param name="Failures">Failures after the last success among them, or all.</param>
/// <param name="IsGone">The receiver wants no more.</param>
/// <param name="Hold">The longest wait that the receiver asked for.</param>
internal sealed record Tally(string SubscriptionId, bool Succeeded, int Failures, bool IsGone, TimeSpan? Hold)
{
    /// <summary>One per subscription, in the order of ids. Results that say nothing about a receiver have no say.</summary>
    public static List<Tally> Of(IReadOnlyList<DeliveryResult> results) =>
    [
        .. results.Where(result => result.Attempt is { Error: not AttemptErrors.EventGone })
            .GroupBy(result => result.Delivery.SubscriptionId, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Of(group.Key, [.. group])),
    ];

    private static Tally Of(string subscriptionId, List<DeliveryResult> results)
    {
        var success = results.FindLastIndex(result => result.Fate is DeliveryFate.Delivered);
        return new Tally(
            subscriptionId, success >= 0, results.Count - 1 - success, results.Exists(result => result.IsGone),
            results.Max(result => result.Hold));
    }
}

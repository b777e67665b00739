using System.Net;

namespace Orders.Indexer.Webhooks;

/// <summary>Decides what a try means: done, again later, or given up.</summary>
internal static class RetryPolicy
{
    /// <summary>The wait after the <paramref name="tries"/>-th try (1, 2, ...) without the random part.</summary>
    public static TimeSpan WaitAfter(int tries, WebhookOptions options)
    {
        var factor = Math.Pow(options.RetryFactor, Math.Min(tries - 1, 100));
        return factor >= options.RetryMax / options.RetryFirst ? options.RetryMax : options.RetryFirst * factor;
    }

    /// <param name="delivery">What was sent.</param>
    /// <param name="attempt">What came of it.</param>
    /// <param name="options">Waits and limits.</param>
    /// <param name="random">0 to 1: shortens the wait by up to a fifth, so that what failed together does not come together.</param>
    public static DeliveryResult Judge(Delivery delivery, Attempt attempt, WebhookOptions options, double random)
    {
        if (attempt.Succeeded) return new DeliveryResult(delivery, attempt, DeliveryFate.Delivered);
        if (attempt.Error is AttemptErrors.EventGone) return new DeliveryResult(delivery, attempt, DeliveryFate.Failed);
        var asked = AskedFor(attempt, options);
        var isGone = attempt.StatusCode is (int)HttpStatusCode.Gone;
        if (delivery.Try >= options.AttemptsMax && !isGone)
            return new DeliveryResult(delivery, attempt, DeliveryFate.Failed, Hold: asked);
        var wait = asked ?? WaitAfter(delivery.Try, options) * (1 - (0.2 * random));
        return new DeliveryResult(delivery, attempt, DeliveryFate.Pending, wait, asked, isGone);
    }

    private static TimeSpan? AskedFor(Attempt attempt, WebhookOptions options) =>
        attempt.StatusCode is (int)HttpStatusCode.TooManyRequests or (int)HttpStatusCode.ServiceUnavailable
            && attempt.RetryAfter is { } asked && asked > TimeSpan.Zero
            ? asked < options.RetryAfterMax ? asked : options.RetryAfterMax
            : null;
}

namespace Orders.Indexer.Webhooks;

/// <summary>One event on its way to one subscription, taken by this process until its lease ends.</summary>
/// <param name="Attempt">Number of this try, of all tries ever; tells this claim from others.</param>
/// <param name="Try">Number of this try since the delivery or its redelivery began.</param>
/// <param name="TakenAt">Timestamp (not a time) from before it was taken: the lease counts from here.</param>
/// <param name="IsProbe">Whether the subscription's last delivery failed.</param>
/// <param name="MayBeMore">Whether the subscription had more that is due than it was given.</param>
internal sealed record Delivery(
    string EventId, string SubscriptionId, int Attempt, int Try, long TakenAt, bool IsProbe, bool MayBeMore, WebhookTarget Target,
    WebhookEvent? Event);

/// <summary>Where to, and the secrets to sign with: the present one, and the previous one during its grace period.</summary>
internal sealed record WebhookTarget(string Url, string Secret, string? PreviousSecret);

/// <summary>An event as it was recorded.</summary>
/// <param name="Payload">The body, byte for byte.</param>
internal sealed record WebhookEvent(string Type, string? OrderId, string? TraceParent, string Payload, DateTimeOffset At);

/// <summary>What happened when a receiver was called.</summary>
/// <param name="StatusCode">Null when there was no reply.</param>
/// <param name="Error">Why there was no reply; one of <see cref="AttemptErrors"/>.</param>
/// <param name="Response">The beginning of the reply's body, as text.</param>
/// <param name="RetryAfter">How long the receiver asked to be left alone.</param>
internal sealed record Attempt(
    DateTimeOffset At, TimeSpan Latency, int? StatusCode, string? Error = null, string? Response = null, TimeSpan? RetryAfter = null)
{
    public bool Succeeded => StatusCode is >= 200 and < 300;
}

/// <summary>Codes in a delivery's log, for people and programs; also the tag of a metric, so they are few.</summary>
internal static class AttemptErrors
{
    public const string Timeout = "timeout";
    public const string NameNotResolved = "name_not_resolved";
    public const string AddressNotAllowed = "address_not_allowed";
    public const string ConnectionFailed = "connection_failed";
    public const string TlsFailed = "tls_failed";
    public const string InvalidReply = "invalid_reply";

    /// <summary>The process that was sending died, or could not say what had come of it.</summary>
    public const string SenderLost = "sender_lost";

    /// <summary>The event is no longer recorded.</summary>
    public const string EventGone = "event_gone";
}

/// <summary>What is to become of a delivery.</summary>
internal enum DeliveryFate
{
    Delivered,

    /// <summary>To be tried again after a wait.</summary>
    Pending,

    /// <summary>Given up, until somebody asks for a redelivery.</summary>
    Failed,

    /// <summary>Not tried: as if it had not been taken.</summary>
    Released,
}

/// <summary>A fate, with what follows for the subscription.</summary>
/// <param name="Wait">Until the next try, when there is one.</param>
/// <param name="Hold">How long the whole subscription is left alone, if the receiver asked for it.</param>
/// <param name="IsGone">The receiver wants no more.</param>
internal sealed record DeliveryResult(
    Delivery Delivery, Attempt? Attempt, DeliveryFate Fate, TimeSpan Wait = default, TimeSpan? Hold = null, bool IsGone = false);

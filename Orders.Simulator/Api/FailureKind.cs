namespace Orders.Simulator.Api;

/// <summary>Why an order was given up. What is known about it differs, and that is what the kinds are for.</summary>
internal enum FailureKind
{
    /// <summary>4xx: the API refused it; it does not exist.</summary>
    Rejected,

    /// <summary>429 until the retries were used up; it does not exist.</summary>
    Throttled,

    /// <summary>503 or no connection until the retries were used up; it does not exist.</summary>
    Unavailable,

    /// <summary>5xx other than 503: it may exist.</summary>
    ServerError,

    /// <summary>No reply in time: it may exist.</summary>
    Timeout,

    /// <summary>The connection broke after the request was sent: it may exist.</summary>
    ConnectionLost,

    /// <summary>The simulator itself failed or was stopped.</summary>
    Interrupted,
}

internal static class FailureKinds
{
    public static string ToWire(this FailureKind kind) => kind switch
    {
        FailureKind.Rejected => "rejected",
        FailureKind.Throttled => "throttled",
        FailureKind.Unavailable => "unavailable",
        FailureKind.ServerError => "server_error",
        FailureKind.Timeout => "timeout",
        FailureKind.ConnectionLost => "connection_lost",
        FailureKind.Interrupted => "interrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}

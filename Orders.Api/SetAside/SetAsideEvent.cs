using System.Text.Json;

namespace Orders.Api.SetAside;

/// <summary>An event that Kafka refused for what it is, and that the stream went on without.</summary>
internal sealed record SetAsideEvent
{
    public const string Open = "open";
    public const string Retried = "retried";
    public const string Discarded = "discarded";

    public static readonly string[] States = [Open, Retried, Discarded];

    /// <summary>The event's id: <c>{order id}.{version}</c>.</summary>
    public required string Id { get; init; }

    public required string OrderId { get; init; }

    public required int Version { get; init; }

    /// <summary>The event's type.</summary>
    public required string Type { get; init; }

    /// <summary>Bytes of the event.</summary>
    public required int Bytes { get; init; }

    /// <summary>Kafka's code, e.g. <c>MsgSizeTooLarge</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Kafka's words.</summary>
    public required string Detail { get; init; }

    /// <summary>How often it was refused: once more after each retry.</summary>
    public required int Refusals { get; init; }

    /// <summary><c>open</c>, <c>retried</c> or <c>discarded</c>.</summary>
    public required string State { get; init; }

    public required DateTimeOffset SetAsideAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>The id of the key that retried or discarded it.</summary>
    public string? SettledBy { get; init; }

    /// <summary>What was said when it was discarded.</summary>
    public string? Note { get; init; }

    /// <summary>The event itself; only where one is asked for.</summary>
    public JsonElement? Event { get; init; }
}

using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Persistence;

/// <summary>One change of an order, for people and audits.</summary>
internal sealed class HistoryRow
{
    public required string OrderId { get; init; }

    public required int Version { get; init; }

    public required OrderStatus Status { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Reason { get; init; }

    public required Guid ChangeId { get; init; }

    public static HistoryRow Of(Order order, Guid changeId) => new()
    {
        OrderId = order.Id,
        Version = order.Version,
        Status = order.Status,
        At = order.UpdatedAt,
        Reason = order.Reason,
        ChangeId = changeId,
    };
}

/// <summary>One event waiting for the relay. The database adds position and created_at.</summary>
internal sealed class OutboxRow
{
    public required string OrderId { get; init; }

    public required int Version { get; init; }

    public required string Type { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>The event as it will stand on the topic, byte for byte.</summary>
    public required string Payload { get; init; }
}

using Orders.Contracts;

namespace Orders.Api.Features.Explaining;

/// <summary>Everything that is known of one order, and whether it agrees.</summary>
/// <param name="Id">The order's id.</param>
/// <param name="Status">Its status after its newest change.</param>
/// <param name="Version">Its newest version.</param>
/// <param name="Agrees">Whether rows, events, search and cache all say the same; what is still on its way does not disagree.</param>
/// <param name="Findings">What disagrees, in words; empty when all agree.</param>
/// <param name="Timeline">What happened, oldest first.</param>
/// <param name="Events">Every change's event and how far it has come.</param>
/// <param name="Stored">The order's columns against its history.</param>
/// <param name="Search">The document in the search index.</param>
/// <param name="Cache">The entry in the cache; there need not be one.</param>
internal sealed record Explanation(
    string Id, OrderStatus Status, int Version, bool Agrees, IReadOnlyList<string> Findings, IReadOnlyList<Change> Timeline,
    IReadOnlyList<EventTrail> Events, StoredEvidence Stored, CopyEvidence Search, CopyEvidence Cache);

/// <summary>A change of the order.</summary>
internal sealed record Change(int Version, string Type, string Status, DateTimeOffset At, string? Reason, string? TraceId);

/// <summary>Where a change's event has been.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Version">The change's version.</param>
/// <param name="Type">The event's type.</param>
/// <param name="State"><c>published</c>, <c>pending</c> (on its way), or <c>late</c> (should have been published by now).</param>
/// <param name="OutboxPosition">Its row in the outbox; known once it is published.</param>
/// <param name="ChangePosition">Its position in the change feed.</param>
/// <param name="Kafka">Where Kafka keeps it; absent for events from before this was written down.</param>
/// <param name="TraceId">The trace of the request that made the change.</param>
internal sealed record EventTrail(
    string Id, int Version, string Type, string State, long? OutboxPosition, long? ChangePosition, KafkaPlace? Kafka, string? TraceId)
{
    public const string Published = "published";
    public const string Pending = "pending";
    public const string Late = "late";
}

internal sealed record KafkaPlace(string Topic, int Partition, long Offset, DateTimeOffset? PublishedAt);

/// <param name="Version">The version of the order's row.</param>
/// <param name="Agrees">Whether every column says what the history's newest state says.</param>
/// <param name="Differences">Columns that do not, e.g. <c>orders.total</c>, <c>order_items[2].quantity</c>.</param>
internal sealed record StoredEvidence(int Version, bool Agrees, IReadOnlyList<string> Differences);

/// <summary>A copy of the order outside the database.</summary>
/// <param name="Version">The copy's version; absent when there is none.</param>
/// <param name="Says">One of the constants here.</param>
/// <param name="Agrees">False when somebody who reads the copy reads something wrong.</param>
internal sealed record CopyEvidence(int? Version, string Says, bool Agrees)
{
    public const string Same = "same";
    public const string Absent = "absent";
    public const string Pending = "pending";
    public const string Older = "older";
    public const string Newer = "newer";
    public const string OtherContent = "other_content";
    /// <summary>A closed order from before the search index's window: rightly not there.</summary>
    public const string OlderThanWindow = "not_indexed_older_than_window";
    public const string Unreachable = "unreachable";
}

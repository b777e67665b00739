using Orders.Contracts;

namespace Orders.Indexer.Drift;

/// <summary>An order as the database has it.</summary>
internal sealed record StoredVersion(string Id, int Version, string Status, DateTimeOffset PlacedAt);

/// <summary>Orders placed at or after <paramref name="From"/> and before <paramref name="Until"/>, both whole milliseconds; null: no
/// bound.</summary>
internal sealed record Bucket(DateTimeOffset? From, DateTimeOffset? Until, IReadOnlyDictionary<string, StoredVersion> Orders);

/// <summary>
/// Something that is made from the database's orders and could differ from it. To have another one compared, proven and replayed into,
/// register it.
/// </summary>
internal interface IDriftSource
{
    /// <summary>E.g. <c>search</c>: the tag of the metrics, the name in proofs, what a replay goes to.</summary>
    string Target { get; }

    /// <summary>The consumer group that brings it up to date; what the group has not come to is no drift.</summary>
    string Group { get; }

    /// <summary>False where there is no such thing (yet).</summary>
    ValueTask<bool> IsThereAsync(CancellationToken cancel);

    /// <summary>Whether it must have the order; others it may have.</summary>
    bool MustHave(StoredVersion order);

    /// <summary>What it has in a bucket, also of orders that the database does not know: versions by order id.</summary>
    Task<Dictionary<string, int>> ListAsync(Bucket bucket, CancellationToken cancel);

    /// <summary>Which of these orders it has, and in which version.</summary>
    Task<Dictionary<string, int>> VersionsAsync(IReadOnlyList<string> orderIds, CancellationToken cancel);

    /// <summary>Which of these orders it has in the same version but not with the same content.</summary>
    /// <param name="orders">By id: the order, and the bytes that are answered for it.</param>
    /// <param name="cancel">Ends it.</param>
    Task<List<string>> AlteredAsync(IReadOnlyDictionary<string, (OrderState State, byte[] Json)> orders, CancellationToken cancel);

    /// <summary>Orders that it has and no bucket shows.</summary>
    Task<List<string>> StraysAsync(CancellationToken cancel);

    /// <summary>Makes it have what the database says of these orders, whatever it says now; removes those that are in no
    /// database.</summary>
    Task RebuildAsync(IReadOnlyList<string> orderIds, CancellationToken cancel);
}

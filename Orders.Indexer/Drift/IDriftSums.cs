namespace Orders.Indexer.Drift;

/// <summary>
/// Sums that are made from a target's copies of orders: they are right when they equal a recount of those copies, so they are compared
/// once the copies have been. To have other ones compared and proven, register them.
/// </summary>
internal interface IDriftSums
{
    /// <summary>E.g. <c>analytics-rollups</c>: the tag of the metrics, the name in proofs.</summary>
    string Target { get; }

    /// <summary>The parts that can be compared and counted one by one, in an order of their own; e.g. months.</summary>
    IAsyncEnumerable<string> PartsAsync(CancellationToken cancel);

    /// <summary>A part against a recount of it, at one instant: nothing is in flight.</summary>
    Task<SumsComparison> CompareAsync(string part, CancellationToken cancel);

    /// <summary>Counts a part anew.</summary>
    Task RecountAsync(string part, CancellationToken cancel);
}

/// <param name="Expected">Rows that a recount makes.</param>
/// <param name="ExpectedChecksum">The sum of the first 8 bytes of their SHA-256, modulo 2^64.</param>
/// <param name="Actual">Rows that are there and say anything.</param>
/// <param name="ActualChecksum">The same of these.</param>
/// <param name="Missing">Rows that a recount makes and that are not there.</param>
/// <param name="Altered">Rows with other sums.</param>
/// <param name="Ghosts">Rows of nothing.</param>
/// <param name="Examples">Some that differ, by their keys.</param>
internal sealed record SumsComparison(
    long Expected, ulong ExpectedChecksum, long Actual, ulong ActualChecksum, long Missing, long Altered, long Ghosts,
    IReadOnlyList<string> Examples)
{
    public long Found => Missing + Altered + Ghosts;
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orders.Indexer.Drift;

/// <summary>What a comparison saw.</summary>
/// <param name="Clean">Whether everything agrees in the end, what is on its way aside.</param>
/// <param name="Depth"><c>versions</c> or <c>full</c>.</param>
/// <param name="PositionFrom">The end of the change feed when it began.</param>
/// <param name="PositionTo">And when it ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Targets">Each target.</param>
internal sealed record Proof(
    bool Clean, string Depth, long PositionFrom, long PositionTo, double Seconds, IReadOnlyList<TargetProof> Targets);

/// <summary>
/// One target against the database, or sums against a recount: then the numbers are of rows, and checksums are of their keys and sums.
/// What was in flight or repaired is counted as it was in the end.
/// </summary>
internal sealed class TargetProof(string target)
{
    private const int ExamplesMax = 20;

    private ulong _expected;
    private ulong _actual;

    public string Target => target;

    public int Buckets { get; set; }

    /// <summary>Orders that it must have, or has, by the database; their (id, version) make <see cref="ExpectedChecksum"/>.</summary>
    public long Expected { get; private set; }

    public long Actual { get; private set; }

    /// <summary>The sum of the first 8 bytes of SHA-256 of <c>{id}.{version}</c>, modulo 2^64, in hexadecimal.</summary>
    public string ExpectedChecksum => _expected.ToString("x16", CultureInfo.InvariantCulture);

    public string ActualChecksum => _actual.ToString("x16", CultureInfo.InvariantCulture);

    public long Missing { get; set; }

    public long Older { get; set; }

    public long Newer { get; set; }

    /// <summary>Of the same version with another content.</summary>
    public long Altered { get; set; }

    /// <summary>Orders that are in no database.</summary>
    public long Ghosts { get; set; }

    /// <summary>Orders whose newest change was still on its way.</summary>
    public long InFlight { get; set; }

    public long Repaired { get; set; }

    /// <summary>Orders that still differ.</summary>
    public long Left { get; set; }

    /// <summary>Some of the orders that differed.</summary>
    public List<string> Examples { get; } = [];

    public long Found => Missing + Older + Newer + Altered + Ghosts;

    public void Example(string orderId)
    {
        if (Examples.Count < ExamplesMax) Examples.Add(orderId);
    }

    public void CountExpected(string id, int version)
    {
        Expected++;
        _expected += Hash(id, version);
    }

    public void CountActual(string id, int version)
    {
        Actual++;
        _actual += Hash(id, version);
    }

    /// <summary>A part of sums as it is in the end.</summary>
    public void Count(SumsComparison part)
    {
        (Expected, Actual) = (Expected + part.Expected, Actual + part.Actual);
        (_expected, _actual) = (_expected + part.ExpectedChecksum, _actual + part.ActualChecksum);
    }

    /// <summary>How a part of sums differed.</summary>
    public void Note(SumsComparison part)
    {
        (Missing, Altered, Ghosts) = (Missing + part.Missing, Altered + part.Altered, Ghosts + part.Ghosts);
        foreach (var example in part.Examples) Example(example);
    }

    private static ulong Hash(string id, int version)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{version}")), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}

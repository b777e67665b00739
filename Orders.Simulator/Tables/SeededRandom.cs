namespace Orders.Simulator.Tables;

/// <summary>
/// Random numbers that are the same on every machine and every .NET version: SplitMix64, integer arithmetic only.
/// System.Random promises neither, and one shared generator would make row 7 depend on how rows 1 to 6 were drawn.
/// </summary>
internal sealed class SeededRandom(ulong state)
{
    private ulong _state = state;

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        return RandomStream.Mix(_state);
    }

    /// <summary>0 .. <paramref name="count"/> - 1. The bias of the multiplication is below 2^-32 and is accepted.</summary>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (int)Math.BigMul(NextBits(), (ulong)count, out _);
    }

    /// <summary><paramref name="min"/> .. <paramref name="max"/>, both included.</summary>
    public int Between(int min, int max) => min + Below(max - min + 1);

    /// <summary>0 (included) to 1 (excluded), in steps of 2^-53.</summary>
    public double Unit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A UUID of version 4 whose random bits come from here.</summary>
    public Guid Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, NextBits());
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], NextBits());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>
/// A named family of generators, one per row: row n is a function of (seed, name, n) alone. So a longer table begins with
/// the shorter one, and any row can be made again without the rows before it.
/// </summary>
internal readonly struct RandomStream(int seed, string name)
{
    private readonly ulong _key = Mix((ulong)seed ^ Hash(name));

    public SeededRandom At(long row) => new(Mix(_key + (ulong)row * 0xD1B54A32D192ED03));

    internal static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    // FNV-1a: string.GetHashCode differs from process to process.
    internal static ulong Hash(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var letter in text) hash = (hash ^ letter) * 0x100000001B3;
        return hash;
    }
}

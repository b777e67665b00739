using System.Buffers.Binary;

namespace Orders.Simulator.Verification;

/// <summary>What is known about an order, apart from what can be computed from its number.</summary>
internal readonly record struct BookEntry
{
    /// <summary>The API's id without its prefix; empty: not acknowledged.</summary>
    public Guid Id { get; init; }

    /// <summary>When the API says that it was placed.</summary>
    public DateTimeOffset PlacedAt { get; init; }

    /// <summary>When <see cref="Version"/> came to be.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The API's short number, its letters as bytes.</summary>
    public ulong NumberBits { get; init; }

    /// <summary>The newest version that was acknowledged; 0: none.</summary>
    public byte Version { get; init; }

    /// <summary>Requests that were sent: no version can be higher.</summary>
    public byte Intents { get; init; }

    /// <summary>The last request was refused: nothing more is sent.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Nobody knew at one time what had come of a request.</summary>
    public bool WasUnknown { get; init; }

    /// <summary>That request is the last one that was sent.</summary>
    public bool IsWondered { get; init; }

    /// <summary>A request whose outcome nobody knows yet.</summary>
    public bool IsOpen => Intents > Version && !IsRefused;

    public bool Exists => Version > 0;

    public string OrderId => "ord-" + Id;
}

/// <summary>How many.</summary>
/// <param name="Sent">Orders whose placing was sent.</param>
/// <param name="Acknowledged">Orders that the API has acknowledged.</param>
/// <param name="Refused">Orders that it did not want.</param>
/// <param name="Moves">Acknowledged changes of orders.</param>
/// <param name="MovesRefused">Changes that it did not want.</param>
/// <param name="Unknown">Requests whose outcome was unknown for a time.</param>
/// <param name="HadBeenDone">Those of them that turned out to have been carried out.</param>
/// <param name="DoneAgain">Those that had not, and were when they were sent again.</param>
/// <param name="UnknownRefused">Those that were then refused.</param>
/// <param name="Open">Requests without an outcome.</param>
internal readonly record struct BookTotals(
    int Sent, int Acknowledged, int Refused, long Moves, long MovesRefused, long Unknown, long HadBeenDone, long DoneAgain,
    long UnknownRefused, int Open);

/// <summary>
/// The run's orders by number, in some 60 bytes each: what else an order holds is a function of its number. Any thread may ask and tell.
/// </summary>
internal sealed class VerifyBook
{
    private const int ChunkSize = 1 << 12;

    private readonly Lock _lock = new();
    private readonly List<BookEntry[]> _chunks = [];
    private BookTotals _totals;
    private int _count;

    /// <summary>One more than the highest number of which anything is known.</summary>
    public int Count => Volatile.Read(ref _count);

    public BookTotals Totals
    {
        get
        {
            lock (_lock) return _totals;
        }
    }

    public BookEntry this[int number]
    {
        get
        {
            lock (_lock) return number < _count ? At(number) : default;
        }
    }

    /// <summary>A request is about to be sent.</summary>
    /// <returns>False: it cannot come now.</returns>
    public bool Intend(int number, int step)
    {
        if (number is < 0 or >= VerifyPlan.OrdersMax) return false;
        lock (_lock)
        {
            while (_chunks.Count <= number / ChunkSize) _chunks.Add(new BookEntry[ChunkSize]);
            ref var entry = ref At(number);
            if (entry.Intents != step || entry.Version != step || entry.IsRefused || step >= byte.MaxValue) return false;
            entry = entry with { Intents = (byte)(step + 1) };
            _count = Math.Max(_count, number + 1);
            _totals = _totals with { Sent = _totals.Sent + (step == 0 ? 1 : 0), Open = _totals.Open + 1 };
            return true;
        }
    }

    /// <summary>The API has acknowledged it.</summary>
    /// <returns>False: nobody asked for it.</returns>
    public bool Done(LedgerDone done)
    {
        lock (_lock)
        {
            if (!IsOpen(done.Order, done.Step) || !TryId(done.Id, out var id)) return false;
            ref var entry = ref At(done.Order);
            if (done.Step > 0 && entry.Id != id) return false;
            if (entry.IsWondered)
            {
                _totals = done.Replayed == true
                    ? _totals with { HadBeenDone = _totals.HadBeenDone + 1 } : _totals with { DoneAgain = _totals.DoneAgain + 1 };
            }

            entry = entry with { Version = (byte)(done.Step + 1), UpdatedAt = done.At, IsWondered = false };
            if (done.Step == 0) entry = entry with { Id = id, PlacedAt = done.At, NumberBits = Bits(done.Number) };
            _totals = done.Step == 0
                ? _totals with { Acknowledged = _totals.Acknowledged + 1, Open = _totals.Open - 1 }
                : _totals with { Moves = _totals.Moves + 1, Open = _totals.Open - 1 };
            return true;
        }
    }

    /// <inheritdoc cref="Done"/>
    public bool Refuse(int number, int step)
    {
        lock (_lock)
        {
            if (!IsOpen(number, step)) return false;
            ref var entry = ref At(number);
            if (entry.IsWondered) _totals = _totals with { UnknownRefused = _totals.UnknownRefused + 1 };
            entry = entry with { IsRefused = true, IsWondered = false };
            _totals = step == 0
                ? _totals with { Refused = _totals.Refused + 1, Open = _totals.Open - 1 }
                : _totals with { MovesRefused = _totals.MovesRefused + 1, Open = _totals.Open - 1 };
            return true;
        }
    }

    /// <inheritdoc cref="Done"/>
    public bool Wonder(int number, int step)
    {
        lock (_lock)
        {
            if (!IsOpen(number, step)) return false;
            ref var entry = ref At(number);
            if (!entry.IsWondered) _totals = _totals with { Unknown = _totals.Unknown + 1 };
            entry = entry with { WasUnknown = true, IsWondered = true };
            return true;
        }
    }

    /// <summary>The letters of a short number, as many as fit; the API's all do but for their dash.</summary>
    public static ulong Bits(string? number)
    {
        Span<byte> letters = stackalloc byte[8];
        var count = 0;
        foreach (var letter in number ?? "")
        {
            if (letter != '-' && count < letters.Length) letters[count++] = (byte)letter;
        }

        return BinaryPrimitives.ReadUInt64BigEndian(letters);
    }

    private static bool TryId(string id, out Guid bits)
    {
        bits = default;
        return id.StartsWith("ord-", StringComparison.Ordinal) && Guid.TryParseExact(id.AsSpan(4), "D", out bits);
    }

    private bool IsOpen(int number, int step) =>
        number >= 0 && number < _count && At(number) is var entry && entry.IsOpen && entry.Intents == step + 1;

    private ref BookEntry At(int number) => ref _chunks[number / ChunkSize][number % ChunkSize];
}

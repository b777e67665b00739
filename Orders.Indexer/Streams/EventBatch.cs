using System.Diagnostics.CodeAnalysis;

namespace Orders.Indexer.Streams;

/// <summary>
/// What a consumer has taken since the last batch, collapsed to the highest version of each order; with
/// <paramref name="everyVersion"/> every record stays, in the order in which they arrived, so that a copy that is sent again to mend a
/// projection never takes the place of what happened.
/// Invariant: <see cref="NextOffsets"/> covers exactly the records that were added, so storing it after the batch is durable
/// never moves past a record that was not handled. Filled by the polling thread, read-only once it is in flight.
/// </summary>
/// <param name="eventsMax">Records that make the batch full.</param>
/// <param name="bytesMax">Bytes that make the batch full.</param>
/// <param name="everyVersion">What the projection asked for with <see cref="IProjection.EveryVersion"/>.</param>
internal sealed class EventBatch(int eventsMax, long bytesMax, bool everyVersion = false)
{
    // Ordered: a version comes after the ones before it. By order, or by place: a place is taken once, however often it is delivered.
    private readonly OrderedDictionary<(string OrderId, int Partition, long Offset), StreamEvent> _kept = [];
    private readonly List<Rejection> _malformed = [];
    private readonly SortedDictionary<int, long> _next = [];
    private readonly SortedDictionary<int, long> _first = [];

    /// <summary>One event per order, or every one.</summary>
    public IReadOnlyCollection<StreamEvent> Events => _kept.Values;

    /// <summary>Records that could not be decoded.</summary>
    public IReadOnlyList<Rejection> Malformed => _malformed;

    /// <summary>Per partition the offset after the last record of this batch.</summary>
    public IReadOnlyDictionary<int, long> NextOffsets => _next;

    /// <summary>Per partition the offset of the first record of this batch.</summary>
    public IReadOnlyDictionary<int, long> FirstOffsets => _first;

    /// <summary>Records taken, the collapsed ones included.</summary>
    public int Taken { get; private set; }

    /// <summary>Events that another event of this batch overtakes or repeats.</summary>
    public int Collapsed { get; private set; }

    public long Bytes { get; private set; }

    public bool IsEmpty => Taken == 0;

    public bool IsFull => Taken >= eventsMax || Bytes >= bytesMax;

    /// <summary>Commit time of the oldest change in the batch.</summary>
    public DateTimeOffset? Oldest { get; private set; }

    /// <summary>Where the batch's spans hang; set when it is taken into work.</summary>
    [AllowNull]
    public BatchTrace Trace
    {
        get => field ??= BatchTrace.None;
        set;
    }

    public void Add(StreamEvent taken)
    {
        Count(taken.Raw);
        if (taken.Event.Rebuild is not true && (Oldest is null || taken.Event.Time < Oldest)) Oldest = taken.Event.Time;
        var key = everyVersion ? ("", taken.Partition, taken.Raw.Offset) : (taken.OrderId, 0, 0L);
        if (_kept.TryGetValue(key, out var known))
        {
            Collapsed++;
            if (known.Version > taken.Version || (known.Version == taken.Version && taken.Event.Rebuild is not true)) return;
        }

        _kept[key] = taken;
    }

    public void Add(Rejection malformed)
    {
        Count(malformed.Raw);
        _malformed.Add(malformed);
    }

    /// <summary>
    /// The records of the partitions that stay, as a batch that is not in flight. What collapsing dropped stays dropped:
    /// the versions that overtook it are from the same partition.
    /// </summary>
    public EventBatch Without(IReadOnlySet<int> partitions)
    {
        var rest = new EventBatch(eventsMax, bytesMax, everyVersion);
        foreach (var kept in _kept.Values.Where(kept => !partitions.Contains(kept.Partition))) rest.Add(kept);
        foreach (var kept in _malformed.Where(kept => !partitions.Contains(kept.Raw.Partition))) rest.Add(kept);
        foreach (var (partition, next) in _next.Where(entry => !partitions.Contains(entry.Key))) rest._next[partition] = next;
        foreach (var (partition, first) in _first.Where(entry => !partitions.Contains(entry.Key))) rest._first[partition] = first;
        return rest;
    }

    /// <summary>Takes over everything of <paramref name="later"/>, which was gathered after this batch.</summary>
    public void Append(EventBatch later)
    {
        foreach (var added in later._kept.Values) Add(added);
        foreach (var added in later._malformed) Add(added);
        foreach (var (partition, next) in later._next) _next[partition] = next;
        foreach (var (partition, first) in later._first) _first[partition] = Math.Min(first, _first.GetValueOrDefault(partition, first));
    }

    private void Count(RawEvent raw)
    {
        Taken++;
        Bytes += raw.Size;
        _first[raw.Partition] = Math.Min(raw.Offset, _first.GetValueOrDefault(raw.Partition, raw.Offset));
        _next[raw.Partition] = Math.Max(raw.Offset + 1, _next.GetValueOrDefault(raw.Partition));
    }
}

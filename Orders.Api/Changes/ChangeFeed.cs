using Microsoft.Extensions.Options;

namespace Orders.Api.Changes;

/// <summary>
/// The changes of all orders for who follows them: those who wait share one connection that the database notifies and one tail in
/// memory; see <see cref="ChangeListener"/> for what fills it.
/// </summary>
internal sealed class ChangeFeed(ChangeStore store, IOptions<ChangeOptions> options, ChangeMetrics metrics)
{
    private readonly ChangeOptions _options = options.Value;
    private readonly ChangeMetrics _metrics = metrics;
    private int _waiters;
    private int _streams;

    public ChangeTail Tail { get; } = new(options.Value.TailMax, options.Value.TailBytesMax);

    /// <summary>Whether anybody follows; nobody else needs the tail to be filled.</summary>
    public bool IsFollowed => Volatile.Read(ref _waiters) + Volatile.Read(ref _streams) > 0;

    /// <summary>The table as it is at this moment.</summary>
    public Task<ChangePage> ReadAsync(ChangeQuery query, CancellationToken cancel) => store.ReadAsync(query, _options.ScanMax, cancel);

    /// <summary>What is known here after a position: from memory, or from the table for who is behind.</summary>
    public async Task<ChangePage> FollowAsync(ChangeQuery query, CancellationToken cancel)
    {
        if (Tail.Read(query) is { } page)
        {
            _metrics.Read(fromTail: true);
            return page;
        }

        _metrics.Read(fromTail: false);
        return await ReadAsync(query, cancel);
    }

    /// <summary>A place among those who wait; null when all are taken.</summary>
    public IDisposable? TryWait() => Seat.TryTake(this, isStream: false);

    /// <summary>A place among the streams; null when all are taken.</summary>
    public IDisposable? TryStream() => Seat.TryTake(this, isStream: true);

    private sealed class Seat : IDisposable
    {
        private readonly ChangeFeed _feed;
        private readonly bool _isStream;
        private int _left;

        private Seat(ChangeFeed feed, bool isStream)
        {
            (_feed, _isStream) = (feed, isStream);
            feed._metrics.Followers(isStream, +1);
        }

        public static Seat? TryTake(ChangeFeed feed, bool isStream)
        {
            ref var taken = ref isStream ? ref feed._streams : ref feed._waiters;
            if (Interlocked.Increment(ref taken) <= (isStream ? feed._options.StreamsMax : feed._options.WaitersMax))
                return new Seat(feed, isStream);
            Interlocked.Decrement(ref taken);
            return null;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 1) return;
            ref var taken = ref _isStream ? ref _feed._streams : ref _feed._waiters;
            Interlocked.Decrement(ref taken);
            _feed._metrics.Followers(_isStream, -1);
        }
    }
}

using System.Globalization;

namespace Orders.Indexer.Streams;

/// <summary>
/// What keeps a projection from its events, in words, for its health. Written by the consumer's thread, read by any other.
/// Short troubles are none: partitions move, servers restart. What lasts for <see cref="StreamOptions.TroubleAfter"/> is said.
/// </summary>
internal sealed class StreamTrouble(StreamOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _withoutPartitionsSince = time.GetTimestamp();
    private long? _failingSince;
    private string _failure = "";

    /// <summary>The group has given this consumer its share. That may be nothing: there may be more consumers than partitions.</summary>
    public void Joined()
    {
        lock (_lock) (_withoutPartitionsSince, _failingSince) = (null, null);
    }

    /// <summary>The share was taken back, for another one or because the group is out of reach.</summary>
    public void Left()
    {
        lock (_lock) _withoutPartitionsSince ??= time.GetTimestamp();
    }

    public void SessionFailed(Exception failure)
    {
        lock (_lock)
        {
            _failingSince ??= time.GetTimestamp();
            _withoutPartitionsSince ??= time.GetTimestamp();
            _failure = failure.GetBaseException().Message;
        }
    }

    /// <param name="isBlocked">The target refuses the batch.</param>
    /// <param name="oldest">Commit time of the oldest event that is taken and not durable; null: there is none.</param>
    /// <param name="gathersFor">How long events may wait on purpose.</param>
    /// <returns>Null while the stream works.</returns>
    public string? Says(bool isBlocked, DateTimeOffset? oldest, TimeSpan gathersFor)
    {
        if (isBlocked) return "its server does not take documents";
        lock (_lock)
        {
            if (Lasting(_failingSince) is { } failing) return Text($"its consumer fails since {failing.TotalSeconds:0} s: {_failure}");
            if (Lasting(_withoutPartitionsSince) is { } idle)
                return Text($"it has no partitions since {idle.TotalSeconds:0} s: Kafka does not answer, or its group does not settle");
        }

        var age = time.GetUtcNow() - oldest ?? TimeSpan.Zero;
        return age > options.LagMax + gathersFor ? Text($"its oldest event waits since {age.TotalSeconds:0} s") : null;
    }

    private TimeSpan? Lasting(long? since) =>
        since is { } start && time.GetElapsedTime(start) is var passed && passed >= options.TroubleAfter ? passed : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

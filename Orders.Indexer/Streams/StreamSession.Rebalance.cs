using Confluent.Kafka;

namespace Orders.Indexer.Streams;

/// <summary>Partitions come and go.</summary>
internal sealed partial class StreamSession
{
    private IEnumerable<TopicPartitionOffset> Assigned(List<TopicPartition> gained)
    {
        var partitions = gained.ConvertAll(entry => entry.Partition.Value);
        LogAssigned(_projection.Group, string.Join(' ', partitions.Order()));
        _trouble.Joined();
        _projection.Forget(partitions);
        _resume = true;
        var positions = _projection.Positions(partitions);
        // Unset: where the group is.
        return gained.ConvertAll(entry => new TopicPartitionOffset(
            entry, positions.TryGetValue(entry.Partition.Value, out var next) ? new Offset(next) : Offset.Unset));
    }

    /// <summary>
    /// Gives partitions away. With <paramref name="drain"/> the batch in flight gets a moment to become durable, so that the next
    /// owner repeats nothing; a batch that waits for a broken server will not, and is given up at once.
    /// </summary>
    private void Leave(List<int> leaving, bool drain)
    {
        // librdkafka remembers a pause beyond the assignment: a partition that comes back would never be read again.
        if (_paused) SetPaused(false);
        _trouble.Left();
        LogLeaving(_projection.Group, string.Join(' ', leaving.Order()), drain ? "revoked" : "lost");
        if (drain && _flight is not null && !_worker.IsBlocked) _workDone.WaitOne(_options.DrainMax);
        if (drain && _flight is { Task.IsCompletedSuccessfully: true }) Land();
        var partitions = leaving.ToHashSet();
        var given = Abandon()?.Without(partitions) ?? NewBatch();
        given.Append(_gathering.Without(partitions));
        _gathering = given;
        _gatheringSince = _time.GetTimestamp();
        _projection.Forget(leaving);
        _lag.Forget(_projection.Group, leaving);
    }

    /// <summary>Cancels the batch in flight and returns it once it has stopped touching its target; null when there was none.</summary>
    private EventBatch? Abandon()
    {
        if (_flight is not { } flight) return null;
        flight.Cancel.Cancel();
        if (!_workDone.WaitOne(_options.DrainMax)) throw new StreamBrokenException(_projection.Group, cause: null);
        flight.Cancel.Dispose();
        _flight = null;
        return flight.Batch;
    }

    [LoggerMessage(LogLevel.Information, "{Group}: assigned partitions {Partitions}")]
    private partial void LogAssigned(string group, string partitions);

    [LoggerMessage(LogLevel.Information, "{Group}: partitions {Partitions} {How}")]
    private partial void LogLeaving(string group, string partitions, string how);

    [LoggerMessage(LogLevel.Warning, "{Group}: {Reason}")]
    private partial void LogConsume(string group, string reason);

    [LoggerMessage(LogLevel.Information, "{Group}: partition {Partition} left before its offset was stored")]
    private partial void LogNotStored(string group, int partition);
}

/// <summary>
/// What the projection finds in its target says that its partitions are another consumer's: the session is given up, and the next
/// one begins where the target is.
/// </summary>
internal sealed class PositionMovedException(string message, Exception cause) : Exception(message, cause);

/// <summary>The session cannot go on; the consumer is thrown away and made anew from the last stored offsets.</summary>
internal sealed class StreamBrokenException(string group, Exception? cause)
    : Exception($"the stream of {group} is broken: {cause?.Message ?? "its work does not stop"}", cause);

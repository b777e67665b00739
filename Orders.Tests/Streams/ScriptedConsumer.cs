using Confluent.Kafka;
using Orders.Contracts;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Tests.Streams;

/// <summary>
/// A consumer whose group and records are what a test says. As with librdkafka, the callbacks run inside Consume and Close on the polling
/// thread, a pause outlives the assignment, and an offset of a partition that is not assigned cannot be stored.
/// </summary>
internal sealed class ScriptedConsumer(ScriptedBuilder handlers, ConsumerConfig config, Journal journal) : IConsumer<string, byte[]>
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _actions = [];
    private readonly Queue<RawEvent> _records = [];
    private readonly HashSet<int> _assigned = [];
    private readonly HashSet<int> _paused = [];
    private readonly SemaphoreSlim _news = new(0);
    private int _delivered;
    private int _polls;

    public ConsumerConfig Config => config;

    /// <summary>Records that Consume has handed out.</summary>
    public int Delivered => Volatile.Read(ref _delivered);

    /// <summary>Calls of Consume.</summary>
    public int Polls => Volatile.Read(ref _polls);

    public bool IsDisposed { get; private set; }

    /// <summary>Called before each record is handed out.</summary>
    public Action OnDeliver { get; set; } = () => { };

    /// <summary>Whether something is held back now.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_lock) return _assigned.Overlaps(_paused);
        }
    }

    public List<TopicPartition> Assignment
    {
        get
        {
            lock (_lock) return [.. _assigned.Select(Of)];
        }
    }

    /// <summary>What is at hand, without a gap between one and the next.</summary>
    public void Send(params IEnumerable<RawEvent> records)
    {
        lock (_lock)
        {
            foreach (var record in records) _records.Enqueue(record);
        }

        _news.Release();
    }

    /// <summary>Gives partitions to the consumer; gives back where it then begins.</summary>
    public Task<List<TopicPartitionOffset>> AssignAsync(params int[] partitions) => WithinConsumeAsync(() =>
    {
        lock (_lock) _assigned.UnionWith(partitions);
        return handlers.Assigned(this, [.. partitions.Select(Of)]);
    });

    /// <summary>Takes partitions from the consumer, which is asked before.</summary>
    public Task RevokeAsync(params int[] partitions) => WithinConsumeAsync(() => Revoke(partitions));

    /// <summary>Takes partitions that are another's by now.</summary>
    public Task LoseAsync(params int[] partitions) => WithinConsumeAsync(() =>
    {
        handlers.Lost(this, [.. partitions.Select(partition => new TopicPartitionOffset(Of(partition), Offset.Unset))]);
        return Left("lost", partitions);
    });

    /// <summary>The group has taken them, and the consumer has not heard of it yet.</summary>
    public void TakeAwaySilently(int partition)
    {
        lock (_lock) _assigned.Remove(partition);
    }

    /// <summary>As an earlier owner of this process has left it.</summary>
    public void LeavePaused(int partition)
    {
        lock (_lock) _paused.Add(partition);
    }

    public void Subscribe(string topic) => Assert.Equal(WireNames.Topics.OrderEvents, topic);

    public ConsumeResult<string, byte[]>? Consume(TimeSpan timeout)
    {
        Interlocked.Increment(ref _polls);
        Act();
        if (Next() is { } ready) return ready;
        if (timeout == TimeSpan.Zero || !_news.Wait(timeout)) return null;
        Act();
        return Next();
    }

    public void StoreOffset(TopicPartitionOffset offset)
    {
        lock (_lock)
        {
            if (!_assigned.Contains(offset.Partition.Value)) throw new KafkaException(
                new Error(ErrorCode.Local_State, "not assigned"));
        }

        journal.Note($"stored {offset.Partition.Value}:{offset.Offset.Value}");
    }

    public void Pause(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock) _paused.UnionWith(partitions.Select(entry => entry.Partition.Value));
    }

    public void Resume(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock) _paused.ExceptWith(partitions.Select(entry => entry.Partition.Value));
    }

    public void Close()
    {
        Revoke([.. Assignment.Select(entry => entry.Partition.Value)]);
        journal.Note("closed");
    }

    public void Dispose()
    {
        IsDisposed = true;
        _news.Dispose();
    }

    private static TopicPartition Of(int partition) => new(WireNames.Topics.OrderEvents, partition);

    private Task<T> WithinConsumeAsync<T>(Func<T> act)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock) _actions.Enqueue(() => done.SetResult(act()));
        _news.Release();
        return done.Task;
    }

    private bool Revoke(int[] partitions)
    {
        if (partitions.Length > 0)
            handlers.Revoked(this, [.. partitions.Select(partition => new TopicPartitionOffset(Of(partition), Offset.Unset))]);
        return Left("revoked", partitions);
    }

    private bool Left(string how, int[] partitions)
    {
        lock (_lock) _assigned.ExceptWith(partitions);
        journal.Note($"{how} {string.Join(' ', partitions)}");
        return true;
    }

    private void Act()
    {
        while (true)
        {
            Action? act;
            lock (_lock)
            {
                if (!_actions.TryDequeue(out act)) return;
            }

            act();
        }
    }

    private ConsumeResult<string, byte[]>? Next()
    {
        RawEvent? record;
        lock (_lock)
        {
            if (!_records.TryPeek(out record) || !_assigned.Contains(record.Partition) || _paused.Contains(record.Partition)) return null;
            _records.Dequeue();
        }

        Interlocked.Increment(ref _delivered);
        OnDeliver();
        return new ConsumeResult<string, byte[]>
        {
            TopicPartitionOffset = new TopicPartitionOffset(Of(record.Partition), record.Offset),
            Message = new Message<string, byte[]> { Key = KeyBytes.TextOf(record.Key)!, Value = record.Value! },
        };
    }

    // What no stream asks for.
    public Handle Handle => throw new NotSupportedException();

    public string Name => "scripted";

    public string MemberId => "scripted";

    public List<string> Subscription => [WireNames.Topics.OrderEvents];

    public IConsumerGroupMetadata ConsumerGroupMetadata => throw new NotSupportedException();

    public int AddBrokers(string brokers) => throw new NotSupportedException();

    public void SetSaslCredentials(string username, string password) => throw new NotSupportedException();

    public ConsumeResult<string, byte[]> Consume(int millisecondsTimeout) => throw new NotSupportedException();

    public ConsumeResult<string, byte[]> Consume(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Subscribe(IEnumerable<string> topics) => throw new NotSupportedException();

    public void Unsubscribe() => throw new NotSupportedException();

    public void Assign(TopicPartition partition) => throw new NotSupportedException();

    public void Assign(TopicPartitionOffset partition) => throw new NotSupportedException();

    public void Assign(IEnumerable<TopicPartitionOffset> partitions) => throw new NotSupportedException();

    public void Assign(IEnumerable<TopicPartition> partitions) => throw new NotSupportedException();

    public void IncrementalAssign(IEnumerable<TopicPartitionOffset> partitions) => throw new NotSupportedException();

    public void IncrementalAssign(IEnumerable<TopicPartition> partitions) => throw new NotSupportedException();

    public void IncrementalUnassign(IEnumerable<TopicPartition> partitions) => throw new NotSupportedException();

    public void Unassign() => throw new NotSupportedException();

    public void StoreOffset(ConsumeResult<string, byte[]> result) => throw new NotSupportedException();

    public List<TopicPartitionOffset> Commit() => throw new NotSupportedException();

    public void Commit(IEnumerable<TopicPartitionOffset> offsets) => throw new NotSupportedException();

    public void Commit(ConsumeResult<string, byte[]> result) => throw new NotSupportedException();

    public void Seek(TopicPartitionOffset tpo) => throw new NotSupportedException();

    public List<TopicPartitionOffset> Committed(TimeSpan timeout) => throw new NotSupportedException();

    public List<TopicPartitionOffset> Committed(IEnumerable<TopicPartition> partitions, TimeSpan timeout) =>
        throw new NotSupportedException();

    public Offset Position(TopicPartition partition) => throw new NotSupportedException();

    public List<TopicPartitionOffset> OffsetsForTimes(IEnumerable<TopicPartitionTimestamp> timestampsToSearch, TimeSpan timeout) =>
        throw new NotSupportedException();

    public WatermarkOffsets GetWatermarkOffsets(TopicPartition topicPartition) => throw new NotSupportedException();

    public WatermarkOffsets QueryWatermarkOffsets(TopicPartition topicPartition, TimeSpan timeout) => throw new NotSupportedException();
}

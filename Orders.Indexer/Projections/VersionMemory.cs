namespace Orders.Indexer.Projections;

/// <summary>
/// The versions last indexed, per partition, the least recently used forgotten first. Only this consumer writes the orders
/// of a partition while it owns it, so what is remembered is what the index has; ownership ends with <see cref="Forget"/>.
/// </summary>
internal sealed class VersionMemory(int perPartitionMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Partition> _partitions = [];

    /// <summary>Null when the order is not remembered.</summary>
    public int? Find(int partition, string orderId)
    {
        lock (_lock)
        {
            return _partitions.TryGetValue(partition, out var known) ? known.Find(orderId) : null;
        }
    }

    public void Remember(int partition, string orderId, int version)
    {
        if (perPartitionMax == 0) return;
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var known)) _partitions[partition] = known = new Partition();
            known.Remember(orderId, version, perPartitionMax);
        }
    }

    public void Forget(IReadOnlyCollection<int> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions) _partitions.Remove(partition);
        }
    }

    public void ForgetAll()
    {
        lock (_lock) _partitions.Clear();
    }

    private sealed class Partition
    {
        private readonly Dictionary<string, LinkedListNode<(string OrderId, int Version)>> _byId = new(StringComparer.Ordinal);
        private readonly LinkedList<(string OrderId, int Version)> _byUse = new();

        public int? Find(string orderId)
        {
            if (!_byId.TryGetValue(orderId, out var node)) return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Version;
        }

        public void Remember(string orderId, int version, int max)
        {
            if (_byId.Remove(orderId, out var old))
            {
                _byUse.Remove(old);
                version = Math.Max(version, old.Value.Version);
            }

            _byId[orderId] = _byUse.AddFirst((orderId, version));
            if (_byId.Count <= max) return;
            _byId.Remove(_byUse.Last!.Value.OrderId);
            _byUse.RemoveLast();
        }
    }
}

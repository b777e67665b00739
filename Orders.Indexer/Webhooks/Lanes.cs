namespace Orders.Indexer.Webhooks;

/// <summary>
/// What this process has taken and not finished, one lane per subscription. Used by one thread at a time.
/// Invariants: at most <paramref name="totalMax"/> deliveries are under way, at most <paramref name="perSubscriptionMax"/> of one
/// subscription, at most half of the total to receivers that are failing, and never two of the same order to the same
/// subscription. Lanes take turns, so a long one does not keep the others waiting.
/// </summary>
internal sealed class Lanes(int totalMax, int perSubscriptionMax)
{
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private readonly int _probesMax = Math.Max(1, totalMax / 2);
    private int _probes;

    /// <summary>Deliveries under way.</summary>
    public int InFlight { get; private set; }

    /// <summary>Deliveries that wait here.</summary>
    public int Waiting { get; private set; }

    /// <summary>How many more may be taken: a second round waits here, so that nobody waits for the database.</summary>
    public int Room => Math.Max(0, (2 * totalMax) - InFlight - Waiting);

    /// <summary>Whether to take more now: a lane is half empty, and there was more when it was filled.</summary>
    public bool WantsMore => Room > 0 && _lanes.Values.Any(lane => lane.WantsMore);

    /// <summary>Per subscription what it has here, under way or waiting.</summary>
    public IReadOnlyList<(string SubscriptionId, int Deliveries)> Taken =>
        [.. _lanes.Select(lane => (lane.Key, lane.Value.Waiting.Count + lane.Value.InFlight))];

    public void Add(Delivery delivery)
    {
        if (!_lanes.TryGetValue(delivery.SubscriptionId, out var lane))
        {
            _lanes[delivery.SubscriptionId] = lane = new Lane();
            _turns.Enqueue(delivery.SubscriptionId);
        }

        lane.Waiting.Add(delivery);
        lane.MayBeMore = delivery.MayBeMore;
        lane.Filled = lane.Waiting.Count + lane.InFlight;
        Waiting++;
    }

    /// <summary>The next delivery to start; null when none may be started now.</summary>
    public Delivery? Next()
    {
        if (InFlight >= totalMax) return null;
        for (var looked = _turns.Count; looked > 0; looked--)
        {
            var id = _turns.Dequeue();
            var lane = _lanes[id];
            _turns.Enqueue(id);
            var at = lane.InFlight >= perSubscriptionMax ? -1 : lane.Waiting.FindIndex(MayStart);
            if (at < 0) continue;
            return Start(lane, at);

            bool MayStart(Delivery waiting) =>
                (!waiting.IsProbe || _probes < _probesMax) && !(waiting.Event?.OrderId is { } order && lane.Orders.Contains(order));
        }

        return null;
    }

    /// <summary>A delivery that was started has ended.</summary>
    public void Done(Delivery delivery)
    {
        var lane = _lanes[delivery.SubscriptionId];
        lane.InFlight--;
        InFlight--;
        if (delivery.IsProbe) _probes--;
        if (delivery.Event?.OrderId is { } order) lane.Orders.Remove(order);
        RemoveEmpty(delivery.SubscriptionId, lane);
    }

    /// <summary>Gives back everything that waits.</summary>
    public List<Delivery> Empty()
    {
        var waiting = _lanes.Values.SelectMany(lane => lane.Waiting).ToList();
        foreach (var (id, lane) in _lanes.ToList())
        {
            lane.Waiting.Clear();
            RemoveEmpty(id, lane);
        }

        Waiting = 0;
        return waiting;
    }

    private Delivery Start(Lane lane, int at)
    {
        var next = lane.Waiting[at];
        lane.Waiting.RemoveAt(at);
        lane.InFlight++;
        Waiting--;
        InFlight++;
        if (next.IsProbe) _probes++;
        if (next.Event?.OrderId is { } order) lane.Orders.Add(order);
        return next;
    }

    private void RemoveEmpty(string id, Lane lane)
    {
        // One that wants more stays until it was asked for.
        if (lane.InFlight > 0 || lane.Waiting.Count > 0 || lane.MayBeMore) return;
        Remove(id);
    }

    /// <summary>Forgets who wanted more: they are being asked for.</summary>
    public void Asked()
    {
        foreach (var (id, lane) in _lanes.ToList())
        {
            lane.MayBeMore = false;
            RemoveEmpty(id, lane);
        }
    }

    private void Remove(string id)
    {
        _lanes.Remove(id);
        for (var looked = _turns.Count; looked > 0; looked--)
        {
            var turn = _turns.Dequeue();
            if (turn != id) _turns.Enqueue(turn);
        }
    }

    private sealed class Lane
    {
        public List<Delivery> Waiting { get; } = [];

        /// <summary>Orders with a delivery under way.</summary>
        public HashSet<string> Orders { get; } = new(StringComparer.Ordinal);

        public int InFlight { get; set; }

        /// <summary>How many it held when it was last filled.</summary>
        public int Filled { get; set; }

        public bool MayBeMore { get; set; }

        public bool WantsMore => MayBeMore && Waiting.Count + InFlight <= Filled / 2;
    }
}

namespace Orders.Simulator.Load;

/// <summary>
/// The run in slices of equal length, at most <see cref="SlicesMax"/> of them however long it takes. A request belongs to the slice in
/// which it ended. Recording takes no lock.
/// </summary>
internal sealed class LoadTimeline
{
    public const int SlicesMax = 240;

    private static readonly TimeSpan SliceMin = TimeSpan.FromSeconds(1);

    private readonly Slice[] _slices;

    /// <param name="length">Of the run.</param>
    /// <param name="rest">How much longer a request can take.</param>
    public LoadTimeline(TimeSpan length, TimeSpan rest)
    {
        var seconds = Math.Ceiling(length / SliceMin / SlicesMax);
        SliceLength = TimeSpan.FromSeconds(Math.Max(1, seconds));
        _slices = new Slice[(int)Math.Ceiling((length + rest) / SliceLength) + 1];
        for (var i = 0; i < _slices.Length; i++) _slices[i] = new Slice();
    }

    public TimeSpan SliceLength { get; }

    /// <summary>Slices up to the last one in which anything happened.</summary>
    public IReadOnlyList<Slice> Slices => _slices[..(Array.FindLastIndex(_slices, slice => slice.IsUsed) + 1)];

    public Slice At(TimeSpan at) => _slices[Math.Clamp((int)(at / SliceLength), 0, _slices.Length - 1)];

    internal sealed class Slice
    {
        private readonly long[] _succeeded = new long[LoadOperations.All.Count];
        private LatencyHistogram? _latency;
        private long _failed;
        private long _heldBack;
        private long _inFlightMax;
        private long _sent;

        /// <summary>Of everything that ended here; null: nothing did.</summary>
        public LatencyHistogram? Latency => Volatile.Read(ref _latency);

        public long Failed => Interlocked.Read(ref _failed);

        public long HeldBack => Interlocked.Read(ref _heldBack);

        public long InFlightMax => Interlocked.Read(ref _inFlightMax);

        public long Sent => Interlocked.Read(ref _sent);

        public bool IsUsed => Latency is not null || Sent > 0 || HeldBack > 0;

        public long SucceededOf(LoadOperation operation) => Interlocked.Read(ref _succeeded[(int)operation]);

        public void Begun(long inFlight)
        {
            Interlocked.Increment(ref _sent);
            for (var seen = InFlightMax; inFlight > seen; seen = InFlightMax)
            {
                if (Interlocked.CompareExchange(ref _inFlightMax, inFlight, seen) == seen) return;
            }
        }

        public void Held() => Interlocked.Increment(ref _heldBack);

        public void Ended(LoadOperation operation, bool isSuccess, TimeSpan latency)
        {
            Interlocked.Increment(ref isSuccess ? ref _succeeded[(int)operation] : ref _failed);
            LazyInitializer.EnsureInitialized(ref _latency, () => new LatencyHistogram())!.Record(latency);
        }
    }
}

namespace Orders.Tests.Streams;

/// <summary>Time that moves when a test says so; waiting code continues in <see cref="Advance"/>.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly List<TimeSpan> _waits = [];
    private TimeSpan _passed;

    /// <summary>What was waited for so far, in the order in which the waits began.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_lock) return [.. _waits];
        }
    }

    /// <summary>Waits that have not ended.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _timers.Count;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock) return 1 + _passed.Ticks;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return start + _passed;
    }

    public void Advance(TimeSpan time)
    {
        List<Timer> due;
        lock (_lock)
        {
            _passed += time;
            due = _timers.FindAll(timer => timer.Due <= _passed);
            foreach (var timer in due) _timers.Remove(timer);
        }

        foreach (var timer in due) timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.True(period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero, "nothing here repeats");
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._passed + dueTime;
                time._timers.Add(this);
                time._waits.Add(dueTime);
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

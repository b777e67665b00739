using Orders.Simulator.Tables;

namespace Orders.Simulator.Live;

/// <summary>
/// A Poisson process: gaps are exponential with mean 1/rate. Arrivals are due at absolute times, so a timer that fires a
/// millisecond late makes the next gap shorter instead of the rate lower. What is overdue by more than
/// <see cref="BacklogMax"/> is forgiven: after a long stall live traffic goes on, it does not come as a flood.
/// With a shape the rate is that of the hour, and a gap may reach over several hours.
/// </summary>
internal sealed class PoissonArrivals(LiveControl control, SeededRandom random, TimeProvider time, LiveShape? shape = null)
{
    public static readonly TimeSpan BacklogMax = TimeSpan.FromSeconds(1);

    private DateTimeOffset _due = time.GetUtcNow();

    /// <summary>A gap at the given rate per second.</summary>
    public static TimeSpan Gap(double rate, SeededRandom random) => TimeSpan.FromSeconds(-Math.Log(1 - random.Unit()) / rate);

    /// <summary>Returns when the next order arrives; never while traffic is paused.</summary>
    public async Task NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            var setting = control.Current;
            if (setting.EffectiveRate > 0 && await IsDueAsync(setting, cancel)) return;
            // The process has no memory: after a change it simply starts again from now.
            if (setting.EffectiveRate <= 0) await setting.Changed.WaitAsync(cancel);
            _due = time.GetUtcNow();
        }
    }

    /// <summary>False when the setting was changed before the arrival was due.</summary>
    private async Task<bool> IsDueAsync(LiveControl.Setting setting, CancellationToken cancel)
    {
        var oldest = time.GetUtcNow() - BacklogMax;
        var (from, gap) = (_due > oldest ? _due : oldest, Gap(setting.EffectiveRate, random));
        _due = shape?.After(from, gap) ?? (from + gap);
        while (_due - time.GetUtcNow() is { Ticks: > 0 } left)
        {
            // A timer counts whole milliseconds and would fire at once for less than one.
            var delay = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
            if (await ChangedWithinAsync(setting.Changed, delay, cancel)) return false;
        }

        return !setting.Changed.IsCompleted;
    }

    private async Task<bool> ChangedWithinAsync(Task changed, TimeSpan delay, CancellationToken cancel)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(changed, Task.Delay(delay, time, timer.Token));
        await timer.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return changed.IsCompleted;
    }
}

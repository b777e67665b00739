using Microsoft.Extensions.Options;
using Orders.Simulator;
using Orders.Simulator.Live;
using Orders.Simulator.Tables;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class PoissonArrivalsTests
{
    private readonly LeapingTime _time = new();

    [Fact]
    public void Gaps_are_exponential()
    {
        var random = new SeededRandom(7);
        var gaps = Enumerable.Range(0, 200_000).Select(_ => PoissonArrivals.Gap(4, random).TotalSeconds).ToList();

        // The deciles of an exponential distribution with rate 4 hold a tenth each.
        Statistics.AssertShares(
            gaps.Select(gap => (int)(10 * (1 - Math.Exp(-4 * gap)))),
            Enumerable.Range(0, 10).ToDictionary(decile => decile, _ => 1.0));
    }

    [Fact]
    public async Task Late_timers_do_not_lower_the_rate()
    {
        _time.Lateness = TimeSpan.FromMilliseconds(3);
        var arrivals = Arrivals(rate: 200, out _);
        var started = _time.GetUtcNow();

        for (var i = 0; i < 20_000; i++) await arrivals.NextAsync(CancellationToken.None);

        Assert.InRange(20_000 / (_time.GetUtcNow() - started).TotalSeconds, 197, 203);
    }

    [Fact]
    public async Task Nothing_arrives_while_traffic_is_paused()
    {
        var arrivals = Arrivals(rate: 10, out var control);
        control.Pause();

        var next = arrivals.NextAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);

        control.Resume();
        await next;
    }

    [Fact]
    public async Task A_rate_of_zero_is_a_pause()
    {
        var arrivals = Arrivals(rate: 0, out var control);

        var next = arrivals.NextAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);

        control.SetRate(1);
        await next;
    }

    [Fact]
    public async Task A_change_of_rate_takes_effect_at_once()
    {
        _time.Stopped = true;
        var arrivals = Arrivals(rate: 0.001, out var control);
        var next = arrivals.NextAsync(CancellationToken.None);

        _time.Stopped = false;
        control.SetRate(100);
        await next;

        Assert.InRange(_time.GetUtcNow() - LeapingTime.Start, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task After_a_stall_at_most_a_second_of_arrivals_is_caught_up()
    {
        var arrivals = Arrivals(rate: 100, out _);
        await arrivals.NextAsync(CancellationToken.None);

        _time.Advance(TimeSpan.FromHours(1));
        _time.Stopped = true;
        var caughtUp = 0;
        while (arrivals.NextAsync(CancellationToken.None).IsCompleted) caughtUp++;

        Assert.InRange(caughtUp, 60, 150);
    }

    [Fact]
    public async Task Waiting_ends_by_cancellation()
    {
        using var cancel = new CancellationTokenSource();
        var next = Arrivals(rate: 0, out _).NextAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private PoissonArrivals Arrivals(double rate, out LiveControl control)
    {
        control = new LiveControl(Options.Create(new SimulatorOptions { Rate = rate }));
        return new PoissonArrivals(control, new SeededRandom(7), _time);
    }

    /// <summary>Time that leaps to the end of every wait, and beyond it by <see cref="Lateness"/>.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        private DateTimeOffset _now = Start;

        public TimeSpan Lateness { get; set; }

        /// <summary>While true no timer ever fires.</summary>
        public bool Stopped { get; set; }

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (Stopped) return new Timer();
            _now += dueTime + Lateness;
            ThreadPool.QueueUserWorkItem(_ => callback(state));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                // Nothing is held.
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}

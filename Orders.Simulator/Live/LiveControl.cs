using Microsoft.Extensions.Options;

namespace Orders.Simulator.Live;

/// <summary>
/// The knobs of live traffic. Every change completes <see cref="Setting.Changed"/> of the setting that it replaces, so that
/// whoever waits for the next arrival wakes up at once.
/// </summary>
internal sealed class LiveControl
{
    private readonly Lock _lock = new();
    private volatile Setting _current;

    public LiveControl(IOptions<SimulatorOptions> options) =>
        _current = new Setting(options.Value.StartPaused, options.Value.Rate);

    public Setting Current => _current;

    public void Pause() => Replace(setting => new Setting(true, setting.OrdersPerSecond));

    public void Resume() => Replace(setting => new Setting(false, setting.OrdersPerSecond));

    public void SetRate(double ordersPerSecond) => Replace(setting => new Setting(setting.Paused, ordersPerSecond));

    private void Replace(Func<Setting, Setting> change)
    {
        Setting replaced;
        lock (_lock)
        {
            replaced = _current;
            _current = change(replaced);
        }

        replaced.Supersede();
    }

    internal sealed class Setting(bool paused, double ordersPerSecond)
    {
        private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Paused => paused;

        public double OrdersPerSecond => ordersPerSecond;

        /// <summary>What arrivals go by: 0 while paused.</summary>
        public double EffectiveRate => paused ? 0 : ordersPerSecond;

        public Task Changed => _changed.Task;

        public void Supersede() => _changed.TrySetResult();
    }
}

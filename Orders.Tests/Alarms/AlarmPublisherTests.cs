using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orders.ServiceDefaults.Alarms;
using Orders.Tests.Streams;

namespace Orders.Tests.Alarms;

/// <summary>What health checks say becomes alarms: raised once, cleared once, told at least once.</summary>
[Unit]
public sealed class AlarmPublisherTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Receiver _receiver = new();
    private readonly Lines _log = new();
    private readonly AlarmPublisher _publisher;

    public AlarmPublisherTests() => _publisher = new AlarmPublisher(
        [_receiver], _services.GetRequiredService<IMeterFactory>(), new HostingEnvironment { ApplicationName = "Orders.Test" },
        Options.Create(new AlarmOptions { UntoldMax = 10 }), _time, _log);

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_check_that_fails_is_raised_once_with_its_reason_and_cleared_once()
    {
        await LookAsync(("relay", HealthStatus.Healthy, null), ("drift", HealthStatus.Healthy, null));
        Assert.Empty(_receiver.Told);

        for (var i = 0; i < 3; i++)
        {
            await LookAsync(("relay", HealthStatus.Degraded, "it waits"), ("drift", HealthStatus.Healthy, null));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        var raised = Assert.Single(_receiver.Told);
        Assert.Equal(("Orders.Test", "relay", "it waits", true), (raised.Service, raised.Name, raised.Reason, raised.IsRaised));
        Assert.Equal(["relay"], Gauge());
        Assert.Equal(["Error: Alarm: relay: it waits"], _log.Texts);

        for (var i = 0; i < 2; i++) await LookAsync(("relay", HealthStatus.Healthy, null), ("drift", HealthStatus.Healthy, null));

        Assert.Equal(raised with { IsRaised = false }, _receiver.Told[1]);
        Assert.Equal(2, _receiver.Told.Count);
        Assert.Empty(Gauge());
        Assert.StartsWith("Information: Alarm over: relay", _log.Texts[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_told_is_told_later_in_the_order_in_which_it_happened()
    {
        _receiver.Fails = true;
        await LookAsync(("ordersdb", HealthStatus.Unhealthy, "away"), ("relay", HealthStatus.Healthy, null));
        await LookAsync(("ordersdb", HealthStatus.Unhealthy, "away"), ("relay", HealthStatus.Degraded, "it waits"));
        await LookAsync(("ordersdb", HealthStatus.Healthy, null), ("relay", HealthStatus.Degraded, "it waits"));
        Assert.Empty(_receiver.Told);
        Assert.Equal(["relay"], Gauge());

        _receiver.Fails = false;
        await LookAsync(("ordersdb", HealthStatus.Healthy, null), ("relay", HealthStatus.Degraded, "it waits"));

        Assert.Equal(
            [("ordersdb", true), ("relay", true), ("ordersdb", false)], _receiver.Told.Select(alarm => (alarm.Name, alarm.IsRaised)));
    }

    [Fact]
    public async Task What_waits_to_be_told_is_bounded_and_the_newest_stay()
    {
        _receiver.Fails = true;
        for (var i = 0; i < 12; i++)
            await LookAsync(("relay", i % 2 == 0 ? HealthStatus.Degraded : HealthStatus.Healthy, $"look {i}"));

        _receiver.Fails = false;
        await LookAsync(("relay", HealthStatus.Healthy, null));

        Assert.Equal(10, _receiver.Told.Count);
        Assert.Equal(("look 10", false), (_receiver.Told[^1].Reason, _receiver.Told[^1].IsRaised));
        Assert.Equal(2, _log.Texts.Count(text => text.StartsWith("Warning: An alarm of relay was never sent", StringComparison.Ordinal)));
    }

    private Task LookAsync(params (string Name, HealthStatus Status, string? Says)[] checks) => _publisher.PublishAsync(
        new HealthReport(
            checks.ToDictionary(check => check.Name, check => new HealthReportEntry(check.Status, check.Says, TimeSpan.Zero, null, null)),
            TimeSpan.Zero),
        CancellationToken.None);

    /// <summary>The alarms that the gauge has.</summary>
    private List<string> Gauge()
    {
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "orders.alarms" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            Assert.Equal(1, value);
            seen.Add((string)tags[0].Value!);
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }

    private sealed class Receiver : IAlarmReceiver
    {
        public bool Fails { get; set; }

        public List<Alarm> Told { get; } = [];

        public Task TellAsync(Alarm alarm, CancellationToken cancel)
        {
            if (Fails) throw new TimeoutException("the database is away");
            Told.Add(alarm);
            return Task.CompletedTask;
        }
    }

    private sealed class Lines : ILogger<AlarmPublisher>
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add($"{logLevel}: {formatter(state, exception)}");
    }
}

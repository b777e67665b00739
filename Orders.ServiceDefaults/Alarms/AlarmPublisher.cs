using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orders.ServiceDefaults.Alarms;

/// <summary>An alarm that was raised or cleared.</summary>
/// <param name="Service">The process, e.g. <c>Orders.Api</c>.</param>
/// <param name="Name">The health check's name.</param>
/// <param name="Reason">Why it was raised; of one that is cleared why it had been.</param>
/// <param name="Since">When it was raised.</param>
/// <param name="IsRaised">False: it is over.</param>
public sealed record Alarm(string Service, string Name, string Reason, DateTimeOffset Since, bool IsRaised);

/// <summary>Where alarms are sent.</summary>
public interface IAlarmReceiver
{
    /// <exception cref="Exception">It could not be told; it is told again at the next look.</exception>
    Task TellAsync(Alarm alarm, CancellationToken cancel);
}

/// <summary>
/// Every health check is an alarm: one that is not healthy is raised, with the reason that the check gives, and cleared when it is healthy
/// again. Both are log events and go to every receiver, at least once; the gauge <c>orders.alarms</c> has those that are raised. The
/// checks own their thresholds.
/// </summary>
internal sealed partial class AlarmPublisher : IHealthCheckPublisher
{
    private readonly IAlarmReceiver[] _receivers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _service;
    private readonly int _untoldMax;
    private readonly Queue<(IAlarmReceiver To, Alarm What)> _untold = new();
    private volatile IReadOnlyDictionary<string, Alarm> _raised = new Dictionary<string, Alarm>(StringComparer.Ordinal);

    public AlarmPublisher(
        IEnumerable<IAlarmReceiver> receivers, IMeterFactory meters, IHostEnvironment host, IOptions<AlarmOptions> options,
        TimeProvider time, ILogger<AlarmPublisher> logger)
    {
        _untoldMax = options.Value.UntoldMax;
        (_receivers, _time, _logger, _service) = ([.. receivers], time, logger, host.ApplicationName);
        meters.Create("Orders.Alarms").CreateObservableGauge(
            "orders.alarms",
            () => _raised.Keys.Select(name => new Measurement<long>(1, new KeyValuePair<string, object?>("alarm", name))),
            "{alarm}", "1 for each alarm that is raised, by health check");
    }

    /// <summary>Called by the host, one report after the other.</summary>
    public async Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        var raised = new Dictionary<string, Alarm>(_raised, StringComparer.Ordinal);
        foreach (var (name, entry) in report.Entries)
        {
            if (entry.Status == HealthStatus.Healthy) Clear(raised, name);
            else Raise(raised, name, entry);
        }

        _raised = raised;
        await TellAsync(cancellationToken);
    }

    private void Raise(Dictionary<string, Alarm> raised, string name, HealthReportEntry entry)
    {
        if (raised.ContainsKey(name)) return;
        var reason = entry.Description is { Length: > 0 } said ? said : entry.Exception?.GetBaseException().Message ?? "no reason given";
        Change(raised[name] = new Alarm(_service, name, reason, _time.GetUtcNow(), IsRaised: true));
        LogRaised(_logger, name, reason);
    }

    private void Clear(Dictionary<string, Alarm> raised, string name)
    {
        if (!raised.Remove(name, out var alarm)) return;
        Change(alarm with { IsRaised = false });
        LogCleared(_logger, name, alarm.Since, alarm.Reason);
    }

    private void Change(Alarm alarm)
    {
        foreach (var receiver in _receivers) _untold.Enqueue((receiver, alarm));
        while (_untold.Count > _untoldMax) LogDropped(_logger, _untold.Dequeue().What.Name);
    }

    /// <summary>In the order in which it happened; the first failure ends the attempt until the next report.</summary>
    private async Task TellAsync(CancellationToken cancel)
    {
        while (_untold.TryPeek(out var next))
        {
            try
            {
                await next.To.TellAsync(next.What, cancel);
            }
            catch (Exception error) when (!cancel.IsCancellationRequested)
            {
                // The database may be the very trouble: the queue keeps what is not told.
                LogUntold(_logger, _untold.Count, error.GetBaseException().Message);
                return;
            }

            _untold.Dequeue();
        }
    }

    [LoggerMessage(LogLevel.Error, "Alarm: {Name}: {Reason}")]
    private static partial void LogRaised(ILogger logger, string name, string reason);

    [LoggerMessage(LogLevel.Information, "Alarm over: {Name}, raised at {Since:O}: {Reason}")]
    private static partial void LogCleared(ILogger logger, string name, DateTimeOffset since, string reason);

    [LoggerMessage(LogLevel.Warning, "An alarm of {Name} was never sent: too many wait")]
    private static partial void LogDropped(ILogger logger, string name);

    [LoggerMessage(LogLevel.Information, "{Alarms} alarms could not be sent yet: {Reason}")]
    private static partial void LogUntold(ILogger logger, int alarms, string reason);
}

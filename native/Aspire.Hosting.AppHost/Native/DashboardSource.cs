using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Native.Dashboard;

namespace Orders.Native.Hosting;

/// <summary>The app model as the dashboard wants to see it.</summary>
internal sealed class DashboardSource(
    string applicationName,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands) : IResourceSource
{
    public string ApplicationName { get; } = applicationName;

    public async IAsyncEnumerable<ResourceChange> WatchResourcesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new ResourceChange.Snapshot([]);
        await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
            yield return new ResourceChange.Upsert(View(change));
    }

    public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(
        string resourceName, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var lines in loggers.WatchAsync(resourceName, follow, cancellationToken).ConfigureAwait(false))
            yield return [.. lines.Select(l => new ConsoleLine(l.LineNumber, l.Content, l.IsErrorMessage))];
    }

    public async Task<CommandOutcome> ExecuteCommandAsync(string resourceName, string commandName, CancellationToken cancellationToken)
    {
        var result = await commands.ExecuteCommandAsync(resourceName, commandName, cancellationToken).ConfigureAwait(false);
        var data = result.Data is { } d ? new CommandData(d.Value, (CommandDataFormat)d.Format, d.DisplayImmediately) : null;
        return result switch
        {
            { Success: true } => new CommandOutcome.Succeeded(result.Message, data),
            { Canceled: true } => new CommandOutcome.Canceled(),
            _ => new CommandOutcome.Failed(result.Message ?? "The command failed.", data),
        };
    }

    private static ResourceView View(ResourceEvent change)
    {
        var s = change.Snapshot;
        return new ResourceView
        {
            Name = change.ResourceId,
            DisplayName = change.Resource.Name,
            Type = s.ResourceType,
            Uid = change.ResourceId,
            State = s.State?.Text,
            StateStyle = s.State?.Style,
            CreatedAt = Time(s.CreationTimeStamp) ?? DateTimeOffset.UnixEpoch,
            StartedAt = Time(s.StartTimeStamp),
            StoppedAt = Time(s.StopTimeStamp),
            Environment = [.. s.EnvironmentVariables.Select(e => new EnvironmentView(e.Name, e.Value, e.IsFromSpec))],
            Urls = [.. s.Urls.Select(u => new UrlView(
                u.Name, u.Url, u.DisplayProperties.DisplayName, u.IsInternal, u.IsInactive, u.DisplayProperties.SortOrder))],
            Properties = [.. s.Properties.Select(p => new PropertyView(p.Name, p.Value, p.DisplayName, p.IsSensitive, p.IsHighlighted))],
            HealthReports = [.. s.HealthReports.Select(h => new HealthReportView(
                h.Name, Health(h.Status), h.Description, h.ExceptionText, Time(h.LastRunAt)))],
            Commands = [.. s.Commands.Select(Command)],
            Relationships = [.. s.Relationships.Select(r => new RelationshipView(r.ResourceName, r.Type))],
            IsHidden = s.IsHidden,
            IconName = s.IconName,
        };
    }

    private static CommandView Command(ResourceCommandSnapshot c) => new(
        c.Name, c.DisplayName, c.DisplayDescription, c.ConfirmationMessage, c.IconName,
        c.IconVariant == IconVariant.Filled ? CommandIconVariant.Filled : CommandIconVariant.Regular, c.IsHighlighted, c.State switch
        {
            ResourceCommandState.Enabled => CommandState.Enabled,
            ResourceCommandState.Disabled => CommandState.Disabled,
            _ => CommandState.Hidden,
        });

    private static HealthState? Health(HealthStatus? status) => status switch
    {
        null => null,
        HealthStatus.Healthy => HealthState.Healthy,
        HealthStatus.Degraded => HealthState.Degraded,
        _ => HealthState.Unhealthy,
    };

    private static DateTimeOffset? Time(DateTime? utc) =>
        utc is { } time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;
}

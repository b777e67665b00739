using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orders.Native.Dashboard.Wire;

namespace Orders.Native.Dashboard;

/// <summary>Our records as the dashboard's messages.</summary>
internal static class WireFormat
{
    public static Resource ToWire(ResourceView view)
    {
        var resource = new Resource
        {
            Name = view.Name,
            ResourceType = view.Type,
            DisplayName = view.DisplayName,
            Uid = view.Uid,
            CreatedAt = Timestamp.FromDateTimeOffset(view.CreatedAt),
            StartedAt = ToWire(view.StartedAt),
            StoppedAt = ToWire(view.StoppedAt),
            IsHidden = view.IsHidden,
            Environment = { view.Environment.Select(ToWire) },
            Urls = { view.Urls.Select(ToWire) },
            Properties = { view.Properties.Select(ToWire) },
            HealthReports = { view.HealthReports.Select(ToWire) },
            Commands = { view.Commands.Select(ToWire) },
            Relationships = { view.Relationships.Select(r => new ResourceRelationship { ResourceName = r.ResourceName, Type = r.Type }) },
        };
        if (view.State is not null)
            resource.State = view.State;
        if (view.StateStyle is not null)
            resource.StateStyle = view.StateStyle;
        if (view.IconName is not null)
            resource.IconName = view.IconName;
        return resource;
    }

    public static ConsoleLogLine ToWire(ConsoleLine line) =>
        new() { LineNumber = line.LineNumber, Text = line.Text, IsStdErr = line.IsStdErr };

    public static ResourceCommandResponse ToWire(CommandOutcome outcome)
    {
        var (kind, message, data) = outcome switch
        {
            CommandOutcome.Succeeded succeeded => (ResourceCommandResponseKind.Succeeded, succeeded.Message, succeeded.Data),
            CommandOutcome.Failed failed => (ResourceCommandResponseKind.Failed, failed.Message, failed.Data),
            _ => (ResourceCommandResponseKind.Cancelled, null, null),
        };
        var response = new ResourceCommandResponse { Kind = kind, Result = data is null ? null : ToWire(data) };
        if (message is not null)
            response.Message = message;
        return response;
    }

    private static ResourceCommandResult ToWire(CommandData data) => new()
    {
        Value = data.Value,
        DisplayImmediately = data.DisplayImmediately,
        Format = data.Format switch
        {
            CommandDataFormat.Json => CommandResultFormat.Json,
            CommandDataFormat.Markdown => CommandResultFormat.Markdown,
            _ => CommandResultFormat.Text,
        },
    };

    private static EnvironmentVariable ToWire(EnvironmentView view)
    {
        var variable = new EnvironmentVariable { Name = view.Name, IsFromSpec = view.IsFromSpec };
        if (view.Value is not null)
            variable.Value = view.Value;
        return variable;
    }

    private static Url ToWire(UrlView view)
    {
        var url = new Url
        {
            FullUrl = view.Url,
            IsInternal = view.IsInternal,
            IsInactive = view.IsInactive,
            DisplayProperties = new() { SortOrder = view.Order, DisplayName = view.DisplayName ?? "" },
        };
        if (view.EndpointName is not null)
            url.EndpointName = view.EndpointName;
        return url;
    }

    private static ResourceProperty ToWire(PropertyView view)
    {
        var property = new ResourceProperty
        {
            Name = view.Name,
            Value = ToValue(view.Value),
            IsSensitive = view.IsSensitive,
            IsHighlighted = view.IsHighlighted,
        };
        if (view.DisplayName is not null)
            property.DisplayName = view.DisplayName;
        return property;
    }

    private static Value ToValue(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        bool flag => Value.ForBool(flag),
        byte or short or int or uint or long or float or double or decimal =>
            Value.ForNumber(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IEnumerable<string> items => Value.ForList([.. items.Select(Value.ForString)]),
        _ => Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    private static HealthReport ToWire(HealthReportView view)
    {
        var report = new HealthReport
        {
            Key = view.Key,
            Description = view.Description ?? "",
            Exception = view.Exception ?? "",
            LastRunAt = ToWire(view.LastRunAt),
        };
        if (view.Status is { } status)
        {
            report.Status = status switch
            {
                HealthState.Healthy => HealthStatus.Healthy,
                HealthState.Degraded => HealthStatus.Degraded,
                _ => HealthStatus.Unhealthy,
            };
        }

        return report;
    }

    private static ResourceCommand ToWire(CommandView view)
    {
        var command = new ResourceCommand
        {
            Name = view.Name,
            DisplayName = view.DisplayName,
            IsHighlighted = view.IsHighlighted,
            IconVariant = view.IconVariant is CommandIconVariant.Filled ? IconVariant.Filled : IconVariant.Regular,
            State = view.State switch
            {
                CommandState.Enabled => ResourceCommandState.Enabled,
                CommandState.Disabled => ResourceCommandState.Disabled,
                _ => ResourceCommandState.Hidden,
            },
        };
        if (view.Description is not null)
            command.DisplayDescription = view.Description;
        if (view.Confirmation is not null)
            command.ConfirmationMessage = view.Confirmation;
        if (view.IconName is not null)
            command.IconName = view.IconName;
        return command;
    }

    private static Timestamp? ToWire(DateTimeOffset? time) => time is { } value ? Timestamp.FromDateTimeOffset(value) : null;
}

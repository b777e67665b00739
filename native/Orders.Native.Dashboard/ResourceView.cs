namespace Orders.Native.Dashboard;

/// <summary>One row of the resources page, complete: an update replaces the row as a whole.</summary>
public sealed record ResourceView
{
    /// <summary>Unique among all resources, replicas included, e.g. <c>api-x7k2</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name in the app model, shared by the replicas of one resource, e.g. <c>api</c>.</summary>
    public required string DisplayName { get; init; }

    /// <summary><c>Project</c>, <c>Executable</c>, <c>Container</c>, <c>PostgresDatabase</c>, <c>Parameter</c>, ...</summary>
    public required string Type { get; init; }

    public required string Uid { get; init; }

    /// <summary>Free text; the dashboard knows <c>NotStarted</c>, <c>Waiting</c>, <c>Starting</c>, <c>Building</c>, <c>Running</c>,
    /// <c>Stopping</c>, <c>Exited</c>, <c>Finished</c>, <c>FailedToStart</c> and <c>RuntimeUnhealthy</c>, each with an icon.
    /// Only what is <c>Running</c> has a health.</summary>
    public string? State { get; init; }

    /// <summary><c>success</c>, <c>info</c>, <c>warning</c> or <c>error</c>; null leaves the choice to the dashboard.</summary>
    public string? StateStyle { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public IReadOnlyList<EnvironmentView> Environment { get; init; } = [];

    public IReadOnlyList<UrlView> Urls { get; init; } = [];

    public IReadOnlyList<PropertyView> Properties { get; init; } = [];

    public IReadOnlyList<HealthReportView> HealthReports { get; init; } = [];

    public IReadOnlyList<CommandView> Commands { get; init; } = [];

    public IReadOnlyList<RelationshipView> Relationships { get; init; } = [];

    public bool IsHidden { get; init; }

    /// <summary>Name of a Fluent UI icon, e.g. <c>Database</c>; null takes the icon of the type.</summary>
    public string? IconName { get; init; }
}

/// <param name="IsFromSpec">False for a variable that the process merely inherited: shown only on request.</param>
public sealed record EnvironmentView(string Name, string? Value, bool IsFromSpec = true);

/// <param name="IsInternal">Shown in the details panel only.</param>
/// <param name="IsInactive">Kept from view, because nothing listens there yet.</param>
/// <param name="Order">The highest comes first.</param>
public sealed record UrlView(
    string? EndpointName,
    string Url,
    string? DisplayName = null,
    bool IsInternal = false,
    bool IsInactive = false,
    int Order = 0);

/// <param name="Name">One of <see cref="KnownProperty"/>, or any other name.</param>
/// <param name="Value">A string, bool, number, list of strings, or null.</param>
/// <param name="IsSensitive">Masked until the reader asks for it.</param>
/// <param name="IsHighlighted">Shown although the dashboard does not know the name.</param>
public sealed record PropertyView(
    string Name,
    object? Value,
    string? DisplayName = null,
    bool IsSensitive = false,
    bool IsHighlighted = false);

/// <param name="Status">Null until the check has run for the first time.</param>
public sealed record HealthReportView(
    string Key,
    HealthState? Status,
    string? Description = null,
    string? Exception = null,
    DateTimeOffset? LastRunAt = null);

public enum HealthState
{
    Healthy,
    Unhealthy,
    Degraded,
}

/// <param name="Confirmation">When given, the question that is put to the user first.</param>
/// <param name="IconName">Name of a Fluent UI icon, e.g. <c>ArrowReset</c>.</param>
/// <param name="IsHighlighted">A button in the row instead of an entry in its menu.</param>
public sealed record CommandView(
    string Name,
    string DisplayName,
    string? Description = null,
    string? Confirmation = null,
    string? IconName = null,
    CommandIconVariant IconVariant = CommandIconVariant.Regular,
    bool IsHighlighted = false,
    CommandState State = CommandState.Enabled);

public enum CommandIconVariant
{
    Regular,
    Filled,
}

public enum CommandState
{
    Enabled,
    Disabled,
    Hidden,
}

/// <param name="ResourceName">The <see cref="ResourceView.DisplayName"/> of the other resource.</param>
/// <param name="Type"><c>Parent</c>, <c>Reference</c> or <c>WaitFor</c>.</param>
public sealed record RelationshipView(string ResourceName, string Type);

/// <summary>The property names that the dashboard gives a label, a place or a meaning.</summary>
public static class KnownProperty
{
    /// <summary>The <see cref="ResourceView.Name"/> (not display name) of the resource this one is shown under.</summary>
    public const string ParentName = "resource.parentName";

    /// <summary>The text of the Source column.</summary>
    public const string Source = "resource.source";
    public const string ExitCode = "resource.exitCode";
    public const string ConnectionString = "resource.connectionString";
    public const string ProjectPath = "project.path";
    public const string ExecutablePath = "executable.path";
    public const string ExecutablePid = "executable.pid";
    public const string ExecutableWorkDir = "executable.workDir";
    public const string ExecutableArgs = "executable.args";
    public const string ParameterValue = "Value";

    /// <summary>Display names of what the resource waits for, as a list.</summary>
    public const string WaitingFor = "resource.waitingFor";
}

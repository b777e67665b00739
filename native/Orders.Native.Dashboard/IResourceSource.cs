namespace Orders.Native.Dashboard;

/// <summary>
/// What the dashboard shows and triggers. Each call stands alone and may run many times at once: there are several pages open.
/// </summary>
public interface IResourceSource
{
    string ApplicationName { get; }

    /// <summary>First one <see cref="ResourceChange.Snapshot"/>, then every change since; runs until cancelled.</summary>
    IAsyncEnumerable<ResourceChange> WatchResourcesAsync(CancellationToken cancellationToken);

    /// <summary>The lines so far; then, when <paramref name="follow"/> is set, the new ones until cancelled.</summary>
    /// <param name="resourceName"><see cref="ResourceView.Name"/>; an unknown one has no lines.</param>
    IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(string resourceName, bool follow, CancellationToken cancellationToken);

    /// <param name="resourceName"><see cref="ResourceView.Name"/>.</param>
    /// <param name="commandName"><see cref="CommandView.Name"/>.</param>
    Task<CommandOutcome> ExecuteCommandAsync(string resourceName, string commandName, CancellationToken cancellationToken);
}

/// <summary>A step in the life of the set of resources.</summary>
public abstract record ResourceChange
{
    private ResourceChange()
    {
    }

    /// <summary>All resources there are; the first change of a watch and no later one.</summary>
    public sealed record Snapshot(IReadOnlyList<ResourceView> Resources) : ResourceChange;

    /// <summary>A resource is new, or replaces the one of the same name.</summary>
    public sealed record Upsert(ResourceView Resource) : ResourceChange;

    public sealed record Delete(string Name, string Type) : ResourceChange;
}

/// <param name="LineNumber">Counts from 1, per resource, stdout and stderr together; the dashboard orders and de-duplicates by it.</param>
/// <param name="Text">May start with an RFC 3339 time stamp, which the dashboard shows on its own; ANSI colours are rendered.</param>
public sealed record ConsoleLine(int LineNumber, string Text, bool IsStdErr = false);

/// <summary>How a command ended.</summary>
public abstract record CommandOutcome
{
    private CommandOutcome()
    {
    }

    /// <param name="Message">Shown in the notifications.</param>
    /// <param name="Data">Offered as "View response".</param>
    public sealed record Succeeded(string? Message = null, CommandData? Data = null) : CommandOutcome;

    public sealed record Canceled : CommandOutcome;

    public sealed record Failed(string Message, CommandData? Data = null) : CommandOutcome;
}

/// <param name="DisplayImmediately">Opens without being asked for.</param>
public sealed record CommandData(string Value, CommandDataFormat Format = CommandDataFormat.Text, bool DisplayImmediately = false);

public enum CommandDataFormat
{
    Text,
    Json,
    Markdown,
}

using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public enum IconVariant
{
    Regular,
    Filled,
}

/// <summary>An action on a resource that the dashboard and tests can call.</summary>
public sealed class ResourceCommandAnnotation(
    string name,
    string displayName,
    Func<UpdateCommandStateContext, ResourceCommandState> updateState,
    Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
    string? displayDescription,
    object? parameter,
    string? confirmationMessage,
    string? iconName,
    IconVariant? iconVariant,
    bool isHighlighted) : IResourceAnnotation
{
    public string Name { get; } = name;

    public string DisplayName { get; } = displayName;

    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; } = updateState;

    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; } = executeCommand;

    public string? DisplayDescription { get; } = displayDescription;

    public object? Parameter { get; } = parameter;

    public string? ConfirmationMessage { get; } = confirmationMessage;

    public string? IconName { get; } = iconName;

    public IconVariant? IconVariant { get; } = iconVariant;

    public bool IsHighlighted { get; } = isHighlighted;
}

public class CommandOptions
{
    public string? Description { get; set; }

    public string? ConfirmationMessage { get; set; }

    /// <summary>A Fluent UI icon name.</summary>
    public string? IconName { get; set; }

    public IconVariant? IconVariant { get; set; }

    public bool IsHighlighted { get; set; }

    /// <summary>Asked whenever the resource changes; without it the command is always enabled.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

public class HttpCommandOptions : CommandOptions
{
    public Func<EndpointReference>? EndpointSelector { get; set; }

    /// <summary>POST when null.</summary>
    public HttpMethod? Method { get; set; }

    public string? HttpClientName { get; set; }

    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }

    public Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? GetCommandResult { get; set; }
}

public sealed class HttpCommandRequestContext
{
    public required IServiceProvider Services { get; init; }

    public required string ResourceName { get; init; }

    public required EndpointReference Endpoint { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    public required HttpClient HttpClient { get; init; }

    public required HttpRequestMessage Request { get; init; }
}

public sealed class HttpCommandResultContext
{
    public required IServiceProvider Services { get; init; }

    public required string ResourceName { get; init; }

    public required EndpointReference Endpoint { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    public required HttpClient HttpClient { get; init; }

    public required HttpResponseMessage Response { get; init; }
}

public enum CommandResultFormat
{
    Text,
    Json,
    Markdown,
}

public sealed class CommandResultData
{
    public required string Value { get; init; }

    public CommandResultFormat Format { get; init; }

    public bool DisplayImmediately { get; init; }
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public bool Canceled { get; init; }

    public string? Message { get; init; }

    public CommandResultData? Data { get; init; }
}

public static class CommandResults
{
    public static ExecuteCommandResult Success() => new() { Success = true };

    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    public static ExecuteCommandResult Success(
        string message, string result, CommandResultFormat resultFormat = CommandResultFormat.Text) =>
        Success(message, new CommandResultData { Value = result, Format = resultFormat });

    public static ExecuteCommandResult Success(string message, CommandResultData value) =>
        new() { Success = true, Message = message, Data = value };

    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}

public sealed class UpdateCommandStateContext
{
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    public required IServiceProvider Services { get; init; }
}

public sealed class ExecuteCommandContext
{
    public required IServiceProvider Services { get; init; }

    /// <summary>The instance that the command was called on.</summary>
    public required string ResourceName { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    public required ILogger Logger { get; init; }
}

public static class KnownResourceCommands
{
    public const string StartCommand = "start";
    public const string StopCommand = "stop";
    public const string RestartCommand = "restart";

    /// <summary>Earlier releases prefixed the three commands; both spellings are accepted.</summary>
    internal static string Canonical(string name) => name switch
    {
        "resource-start" => StartCommand,
        "resource-stop" => StopCommand,
        "resource-restart" => RestartCommand,
        _ => name,
    };
}

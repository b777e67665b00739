using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Runs the commands of resources, for the dashboard, tests and other commands.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(ResourceNotificationService notifications, ResourceLoggerService loggers, IServiceProvider services)
    {
        _notifications = notifications;
        _loggers = loggers;
        _services = services;
    }

    /// <summary>Runs a command of one instance, named by its id, or by the resource's name where it has one instance only.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _notifications.TryGetCurrentState(resourceId, out var state)
            ? await ExecuteCoreAsync(state.ResourceId, state.Resource, commandName, cancellationToken).ConfigureAwait(false)
            : CommandResults.Failure($"Resource '{resourceId}' not found.");

    /// <summary>Runs a command of every instance of the resource, at the same time.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        var ids = ResourceNotificationService.InstanceIds(resource);
        var results = await Task.WhenAll(ids.Select(id => ExecuteCoreAsync(id, resource, commandName, cancellationToken)))
            .ConfigureAwait(false);
        if (results.Length == 1)
            return results[0];

        var failures = ids.Zip(results).Where(r => r.Second is { Success: false, Canceled: false }).ToArray();
        if (failures.Length > 0)
            return CommandResults.Failure(string.Join(Environment.NewLine, failures.Select(f => $"{f.First}: {f.Second.Message}")));
        return results.Any(r => r.Canceled) ? CommandResults.Canceled() : CommandResults.Success();
    }

    private async Task<ExecuteCommandResult> ExecuteCoreAsync(
        string resourceId, IResource resource, string commandName, CancellationToken cancellationToken)
    {
        var logger = _loggers.GetLogger(resourceId);
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(c => c.Name == commandName)
            ?? resource.Annotations.OfType<ResourceCommandAnnotation>()
                .FirstOrDefault(c => c.Name == KnownResourceCommands.Canonical(commandName));
        if (command is null)
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{resource.Name}'.");

        logger.LogInformation("Executing command '{CommandName}'.", command.Name);
        try
        {
            var result = await command.ExecuteCommand(new ExecuteCommandContext
            {
                Services = _services,
                ResourceName = resourceId,
                CancellationToken = cancellationToken,
                Logger = logger,
            }).ConfigureAwait(false);
            if (!result.Success)
                logger.LogInformation("Command '{CommandName}' did not succeed: {Message}", command.Name, result.Message);
            return result;
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
        catch (Exception e)
        {
            logger.LogError(e, "Command '{CommandName}' failed.", command.Name);
            return CommandResults.Failure(e);
        }
    }
}

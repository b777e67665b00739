using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.Native.Hosting;

/// <summary>Start, stop and restart, enabled as the state of the instance allows.</summary>
internal static class DefaultCommands
{
    public static void Add(IResource resource)
    {
        resource.Annotations.Add(
            Command(KnownResourceCommands.StartCommand, "Start", "Play", StartState, (runner, ct) =>
            runner.StartAsync(ct)));
        resource.Annotations.Add(
            Command(KnownResourceCommands.StopCommand, "Stop", "Stop", StopState, (runner, ct) => runner.StopAsync(ct)));
        resource.Annotations.Add(Command(
            KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", RestartState, (runner, ct) =>
                runner.RestartAsync(ct)));
    }

    private static ResourceCommandAnnotation Command(
        string name,
        string displayName,
        string iconName,
        Func<string?, ResourceCommandState> state,
        Func<InstanceRunner, CancellationToken, Task> run) =>
        new(
            name,
            displayName,
            c => state(c.ResourceSnapshot.State?.Text),
            async c =>
            {
                var runner = c.Services.GetRequiredService<NativeHost>().Runner(c.ResourceName);
                await run(runner, c.CancellationToken).ConfigureAwait(false);
                return CommandResults.Success();
            },
            null,
            null,
            null,
            iconName,
            IconVariant.Filled,
            isHighlighted: name != KnownResourceCommands.RestartCommand);

    private static ResourceCommandState StartState(string? state) =>
        KnownResourceStates.IsTerminal(state) || state == KnownResourceStates.NotStarted
            ? ResourceCommandState.Enabled
            : state == KnownResourceStates.Starting || state == KnownResourceStates.Waiting || state is null
                ? ResourceCommandState.Disabled
                : ResourceCommandState.Hidden;

    private static ResourceCommandState StopState(string? state) =>
        state == KnownResourceStates.Running || state == KnownResourceStates.Starting || state == KnownResourceStates.Waiting
            ? ResourceCommandState.Enabled
            : state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled : ResourceCommandState.Hidden;

    private static ResourceCommandState RestartState(string? state) =>
        state == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
}

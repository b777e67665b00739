using Aspire.Hosting.ApplicationModel;
using Orders.Native.Hosting;

namespace Aspire.Hosting;

/// <summary>Programs that are neither projects nor servers of this stack.</summary>
public static class ExecutableResourceBuilderExtensions
{
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddExecutable(name, command, workingDirectory, (object[]?)args);

    /// <summary>A relative working directory is relative to the AppHost; a command without a path is searched on PATH.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params object[]? args)
    {
        var directory = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, workingDirectory));
        var resource = builder.AddResource(new ExecutableResource(name, command, directory));
        DefaultCommands.Add(resource.Resource);
        return args is { Length: > 0 } ? resource.WithArgs(args) : resource;
    }
}

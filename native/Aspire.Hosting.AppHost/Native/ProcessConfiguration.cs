using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Orders.Native.Hosting.Dcp;
using Orders.Native.Servers;

namespace Orders.Native.Hosting;

/// <summary>Works out what exactly to run for an instance: program, arguments, environment, ports.</summary>
internal sealed class ProcessConfiguration(
    DistributedApplicationExecutionContext executionContext,
    DashboardSettings dashboard,
    IHostEnvironment environment,
    NativeToolset toolset,
    DataFolders data)
{
    public async Task<ExecutableSpec> CreateAsync(Instance instance, CancellationToken cancellationToken)
    {
        var resource = instance.Resource;
        var args = await ArgsAsync(resource, cancellationToken).ConfigureAwait(false);
        var variables = await EnvironmentAsync(resource, cancellationToken).ConfigureAwait(false);
        if (resource.TryGetLastAnnotation<NativeServerAnnotation>(out var server))
            return await ServerAsync(instance, server, args, variables, cancellationToken).ConfigureAwait(false);

        var (path, directory, leading) = resource switch
        {
            ProjectResource project => Project(project),
            ExecutableResource executable => (executable.Command, executable.WorkingDirectory, []),
            _ => throw new InvalidOperationException($"'{resource.Name}' is no process."),
        };
        return new ExecutableSpec(instance.Id, path, directory, [.. leading, .. args], variables)
        {
            Serves = [.. resource.Annotations.OfType<EndpointAnnotation>()
                .Where(e => EndpointAllocator.IsBehindService(resource, e))
                .Select(e => (EndpointAllocator.ServiceName(resource, e), e.TargetPort))],
            Annotations = new Dictionary<string, string> { [ProjectEnvironment.InstanceIdAnnotation] = instance.Suffix },
        };
    }

    private static async Task<List<string>> ArgsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var values = new List<object>();
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
            await annotation.Callback(new CommandLineArgsCallbackContext(values, resource, cancellationToken)).ConfigureAwait(false);

        var args = new List<string>();
        foreach (var value in values)
        {
            if (await TextAsync(value, cancellationToken).ConfigureAwait(false) is { } text)
                args.Add(text);
        }

        return args;
    }

    private static async ValueTask<string?> TextAsync(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken).ConfigureAwait(false),
        IResourceBuilder<IResource> { Resource: IValueProvider provider } =>
            await provider.GetValueAsync(cancellationToken).ConfigureAwait(false),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    };

    private (string Path, string Directory, string[] Leading) Project(ProjectResource project)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Last();
        var built = metadata.GetType().GetCustomAttribute<BuiltAssemblyAttribute>()?.Path
            ?? throw new DistributedApplicationException($"'{project.Name}': {metadata.ProjectPath} is not known to Projects.targets.");
        if (!File.Exists(built))
            throw new DistributedApplicationException($"'{project.Name}' is not built: {built} is missing. Build the AppHost.");
        return (toolset.DotnetPath, Path.GetDirectoryName(metadata.ProjectPath)!, [built]);
    }

    private async Task<ExecutableSpec> ServerAsync(
        Instance instance, NativeServerAnnotation server, List<string> args, Dictionary<string, string> variables,
            CancellationToken cancellationToken)
    {
        var folder = data.For(server.DataOwner ?? instance.Resource);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        var process = await server.Prepare(new NativeServerContext(toolset, folder, args), cancellationToken).ConfigureAwait(false);
        foreach (var (name, value) in process.Environment)
            variables.TryAdd(name, value);
        return new ExecutableSpec(
            instance.Id, process.Command, process.WorkingDirectory, process.Arguments, variables) { Label = process.Name };
    }

    private async Task<Dictionary<string, string>> EnvironmentAsync(IResource resource, CancellationToken cancellationToken)
    {
        var values = resource is ProjectResource project ? ProjectEnvironment.Create(project, dashboard, environment) : [];
        if (resource is ExecutableResource)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>()
                .Where(e => e.TargetPortEnvironmentVariable is not null))
                values[endpoint.TargetPortEnvironmentVariable!] = EndpointAllocator.ListenPort(resource, endpoint);
        }

        var context = new EnvironmentCallbackContext(executionContext, resource, values, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await annotation.Callback(context).ConfigureAwait(false);

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        // DCP has a home of its own (DcpServer), which is not for what it starts.
        foreach (var name in (string[])["HOME", "XDG_CACHE_HOME"])
        {
            if (Environment.GetEnvironmentVariable(name) is { } users)
                texts[name] = users;
        }

        foreach (var (name, value) in values)
        {
            if (await TextAsync(value, cancellationToken).ConfigureAwait(false) is { } text)
                texts[name] = text;
        }

        return texts;
    }
}

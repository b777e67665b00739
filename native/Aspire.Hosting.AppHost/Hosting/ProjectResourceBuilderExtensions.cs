using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Orders.Native.Hosting;

namespace Aspire.Hosting;

/// <summary>Projects of this solution.</summary>
public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, o =>
        {
            o.LaunchProfileName = launchProfileName;
            o.ExcludeLaunchProfile = launchProfileName is null;
        });

    /// <summary>
    /// Runs the built project. Its launch profile gives the endpoints (<c>applicationUrl</c>), the environment and the arguments.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        var metadata = new TProject();
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation<IProjectMetadata>(metadata);
        DefaultCommands.Add(project.Resource);

        var profile = options.ExcludeLaunchProfile
            ? null
            : LaunchSettings.Load(Path.GetDirectoryName(metadata.ProjectPath)!)
                ?.Find(options.LaunchProfileName, builder.Configuration["DOTNET_LAUNCH_PROFILE"]);
        if (profile is not null)
            ApplyProfile(project, profile, builder.Configuration["DcpPublisher:RandomizePorts"] == "true");
        return project;
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    private static void ApplyProfile(IResourceBuilder<ProjectResource> project, LaunchProfile profile, bool randomizePorts)
    {
        foreach (var url in (profile.ApplicationUrl ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var uri = new Uri(url);
            project.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, uri.Scheme, port: randomizePorts ? null : uri.Port)
            {
                FromLaunchProfile = true,
            });
        }

        if (profile.LaunchUrl is { Length: > 0 } page)
            project.WithUrlForEndpoint("http", u => u.Url = new Uri(new Uri(u.Url), page).ToString());
        if (profile.CommandLineArgs is { Length: > 0 } args)
            project.WithArgs(args.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        project.WithEnvironment(c =>
        {
            foreach (var (name, value) in profile.EnvironmentVariables)
                c.EnvironmentVariables[name] = value;
        });
    }
}

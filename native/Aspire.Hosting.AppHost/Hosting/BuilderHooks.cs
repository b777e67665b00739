using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Lets the testing package run an AppHost's own entry point: what is set here is seen by every builder that the same flow of execution
/// creates, and by nobody else, so that tests may build several applications at once.
/// </summary>
internal abstract class BuilderHooks
{
    private static readonly AsyncLocal<BuilderHooks?> s_current = new();

    public static BuilderHooks? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    public abstract void Creating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    public abstract void Created(DistributedApplicationBuilder builder);

    /// <summary>May block: the entry point goes on when the test wants the application.</summary>
    public abstract void Building(DistributedApplicationBuilder builder);

    public abstract void Built(DistributedApplication application);
}

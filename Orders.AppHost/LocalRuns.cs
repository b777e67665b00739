using Microsoft.Extensions.Configuration;

/// <summary>How services run on a developer's machine. Where they are deployed, their own defaults hold.</summary>
internal static class LocalRuns
{
    public static IResourceBuilder<ProjectResource> AsLocal(this IResourceBuilder<ProjectResource> service)
    {
        if (!service.ApplicationBuilder.ExecutionContext.IsRunMode) return service;
        // Code that counts what it does, to be compiled better later, pays off after minutes. Until then compiling takes the processors
        // from the work: a history right after the start comes in half as fast again without.
        return service.WithEnvironment("DOTNET_TieredPGO", "0");
    }

    /// <summary>
    /// One instance listens on the public port itself. DCP's proxy accepts requests while the service is away and delivers them after
    /// their sender has given up: a retried order would be placed by each of them. Replicas need the proxy, and idempotency keys.
    /// </summary>
    public static IResourceBuilder<ProjectResource> ListeningDirectly(this IResourceBuilder<ProjectResource> service)
    {
        var builder = service.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode || service.Resource.GetReplicaCount() > 1) return service;
        return service.WithEndpoint("http", endpoint =>
        {
            // Tests ask for random ports, which Aspire gives to proxies alone.
            endpoint.TargetPort = builder.Configuration.GetValue("DcpPublisher:RandomizePorts", false) ? null : endpoint.Port;
            endpoint.Port = endpoint.TargetPort;
            endpoint.IsProxied = false;
        });
    }

    /// <summary>A developer's receivers are on this machine; anywhere else webhooks go to public addresses over https alone.</summary>
    public static IResourceBuilder<ProjectResource> WithLocalReceivers(this IResourceBuilder<ProjectResource> service)
    {
        var local = service.ApplicationBuilder.ExecutionContext.IsRunMode ? "true" : "false";
        return service.WithEnvironment("Orders__Webhooks__Targets__AllowHttp", local)
            .WithEnvironment("Orders__Webhooks__Targets__AllowPrivateNetworks", local);
    }
}

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

    /// <summary>A developer's receivers are on this machine; anywhere else webhooks go to public addresses over https alone.</summary>
    public static IResourceBuilder<ProjectResource> WithLocalReceivers(this IResourceBuilder<ProjectResource> service)
    {
        var local = service.ApplicationBuilder.ExecutionContext.IsRunMode ? "true" : "false";
        return service.WithEnvironment("Orders__Webhooks__Targets__AllowHttp", local)
            .WithEnvironment("Orders__Webhooks__Targets__AllowPrivateNetworks", local);
    }
}

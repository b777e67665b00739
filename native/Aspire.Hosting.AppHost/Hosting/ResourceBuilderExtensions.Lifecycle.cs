using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Starts the resource when the other is healthy and its ResourceReadyEvent has been handled.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => Wait(builder, dependency, WaitType.WaitUntilHealthy, null);

    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => Wait(builder, dependency, WaitType.WaitUntilHealthy, waitBehavior);

    /// <summary>Starts the resource when the other runs.</summary>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => Wait(builder, dependency, WaitType.WaitUntilStarted, null);

    /// <summary>Starts the resource when the other has ended with the exit code.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => Wait(builder, dependency, WaitType.WaitForCompletion, null, exitCode);

    /// <summary>The resource starts only by its start command.</summary>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder)
        where T : IResource => builder.WithAnnotation(new ExplicitStartupAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> parent)
        where T : IResource => builder.WithParentRelationship(parent.Resource);

    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent)
        where T : IResource => builder.WithRelationship(parent, KnownRelationshipTypes.Parent);

    public static IResourceBuilder<T> WithReferenceRelationship<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> resourceBuilder)
        where T : IResource => builder.WithRelationship(resourceBuilder.Resource, KnownRelationshipTypes.Reference);

    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResource resource, string type)
        where T : IResource
    {
        AddRelationship(builder.Resource, resource, type);
        return builder;
    }

    public static IResourceBuilder<T> WithIconName<T>(
        this IResourceBuilder<T> builder, string iconName, IconVariant iconVariant = IconVariant.Filled)
        where T : IResource => builder.WithAnnotation(
            new ResourceIconAnnotation(iconName, iconVariant), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>This stack writes no deployment manifest; the call is accepted so that the same program serves both stacks.</summary>
    public static IResourceBuilder<T> ExcludeFromManifest<T>(this IResourceBuilder<T> builder)
        where T : IResource => builder;

    private static IResourceBuilder<T> Wait<T>(
        IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitType type, WaitBehavior? behavior, int exitCode = 0)
        where T : IResourceWithWaitSupport
    {
        IResource resource = builder.Resource;
        if (resource == dependency.Resource)
            throw new DistributedApplicationException($"The '{resource.Name}' resource cannot wait for itself.");
        if (resource is IResourceWithParent child && child.Parent == dependency.Resource)
            throw new DistributedApplicationException($"The '{resource.Name}' resource cannot wait for its parent '{child.Parent.Name}'.");

        AddRelationship(resource, dependency.Resource, KnownRelationshipTypes.WaitFor);
        return builder.WithAnnotation(new WaitAnnotation(dependency.Resource, type, exitCode) { WaitBehavior = behavior });
    }
}

using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using Orders.Native.Dashboard;

namespace Orders.Native.Hosting;

/// <summary>Publishes every resource once before anything starts, so that all of them are seen from the beginning.</summary>
internal sealed class InitialStates(
    ResourceNotificationService notifications,
    DistributedApplicationExecutionContext executionContext,
    TimeProvider time,
    ILogger<InitialStates> logger)
{
    public async Task PublishAsync(IReadOnlyList<IResource> resources, CancellationToken cancellationToken)
    {
        var created = time.GetUtcNow().UtcDateTime;
        foreach (var resource in resources)
        {
            var urls = await UrlsAsync(resource, cancellationToken).ConfigureAwait(false);
            var properties = await PropertiesAsync(resource, cancellationToken).ConfigureAwait(false);
            resource.TryGetLastAnnotation<ResourceIconAnnotation>(out var icon);
            var explicitStart = resource.TryGetLastAnnotation<ExplicitStartupAnnotation>(out _);
            // The dashboard sorts by creation time: one tick apart keeps the order of Program.cs.
            created = created.AddTicks(TimeSpan.TicksPerMillisecond);
            var now = created;
            await notifications.PublishUpdateAsync(resource, s => s with
            {
                ResourceType = TypeOf(resource),
                CreationTimeStamp = now,
                State = State(resource, explicitStart),
                Properties = properties,
                Urls = urls,
                Relationships = Relationships(resource),
                HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>()
                    .Select(h => new HealthReportSnapshot(h.Key, null, null, null))],
                IconName = icon?.IconName,
                IconVariant = icon?.IconVariant,
            }).ConfigureAwait(false);
        }
    }

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ParameterResource => "Parameter",
        _ when Instance.IsProcess(resource) => "Executable",
        _ => resource.GetType().Name,
    };

    private static ResourceStateSnapshot? State(IResource resource, bool explicitStart) => resource switch
    {
        _ when explicitStart => new(KnownResourceStates.NotStarted, null),
        ParameterResource => new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
        _ when Instance.IsProcess(resource) => new(KnownResourceStates.Starting, KnownResourceStateStyles.Info),
        _ => new(KnownResourceStates.Unknown, null),
    };

    private static ImmutableArray<RelationshipSnapshot> Relationships(IResource resource)
    {
        var annotated = resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type));
        return resource is IResourceWithParent child
            ? [new(child.Parent.Name, KnownRelationshipTypes.Parent), .. annotated]
            : [.. annotated];
    }

    private async Task<ImmutableArray<UrlSnapshot>> UrlsAsync(IResource resource, CancellationToken cancellationToken)
    {
        List<ResourceUrlAnnotation> urls = resource is IResourceWithEndpoints owner
            ? [.. owner.GetEndpoints().Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = e })]
            : [];
        var context = new ResourceUrlsCallbackContext(executionContext, resource, urls, cancellationToken);
        foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>().ToArray())
            await callback.Callback(context).ConfigureAwait(false);
        return
        [
            .. context.Urls.Select(u =>
                new UrlSnapshot(u.Endpoint?.EndpointName, u.Url, u.DisplayLocation == UrlDisplayLocation.DetailsOnly)
            {
                DisplayProperties = new(u.DisplayText ?? "", u.DisplayOrder ?? 0),
                IsInactive = Instance.IsProcess(resource),
            }),
        ];
    }

    private async Task<ImmutableArray<ResourcePropertySnapshot>> PropertiesAsync(IResource resource, CancellationToken cancellationToken)
    {
        var properties = new List<ResourcePropertySnapshot>();
        if (resource.Annotations.OfType<IProjectMetadata>().LastOrDefault() is { } project)
            properties.Add(new(KnownProperty.ProjectPath, project.ProjectPath));
        var parent = resource is IResourceWithParent child
            ? child.Parent
            : resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                .FirstOrDefault(r => r.Type == KnownRelationshipTypes.Parent)?.Resource;
        if (parent is not null)
            properties.Add(new(KnownProperty.ParentName, ResourceNotificationService.InstanceIds(parent)[0]));

        try
        {
            if (resource is ParameterResource parameter)
            {
                var value = await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
                properties.Add(new(KnownProperty.ParameterValue, value) { IsSensitive = parameter.Secret });
            }
            else if (resource is IResourceWithConnectionString connection)
            {
                var value = await connection.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
                properties.Add(new(KnownProperty.ConnectionString, value) { IsSensitive = true });
            }
        }
        catch (MissingParameterValueException e)
        {
            logger.LogError("{Message}", e.Message);
            properties.Add(new(KnownProperty.ParameterValue, e.Message));
        }

        return [.. properties];
    }
}

using Aspire.Hosting.ApplicationModel;

namespace Orders.Native.Hosting;

/// <summary>Those who use others stop before those they use.</summary>
internal static class ShutdownOrder
{
    /// <summary>Groups that may stop together, the first group first.</summary>
    public static IReadOnlyList<IReadOnlyList<IResource>> Of(IReadOnlyCollection<IResource> resources)
    {
        var depths = new Dictionary<IResource, int>();
        foreach (var resource in resources)
            Depth(resource, depths);
        return [.. resources.GroupBy(r => depths[r]).OrderByDescending(g => g.Key).Select(g => (IReadOnlyList<IResource>)[.. g])];
    }

    private static int Depth(IResource resource, Dictionary<IResource, int> depths)
    {
        if (depths.TryGetValue(resource, out var known))
            return known;

        // Set before looking further, so that references in a circle end.
        depths[resource] = 0;
        var used = resource.Annotations.OfType<ResourceRelationshipAnnotation>().Where(r => r.Type != KnownRelationshipTypes.Parent)
            .Select(r => r.Resource)
            .Concat(resource is IResourceWithParent child && !Instance.IsProcess(resource) ? [child.Parent] : []);
        var depth = used.Select(u => Depth(u, depths) + 1).DefaultIfEmpty(0).Max();
        return depths[resource] = depth;
    }
}

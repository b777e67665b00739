using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Orders.Native.Hosting;

/// <summary>One process of a resource; a resource with replicas has several.</summary>
internal sealed class Instance
{
    // No vowels, no look-alikes: the suffix shows up in names that people read.
    private const string SuffixLetters = "bcdfghjkmnpqrstvwxz";

    private Instance(IResource resource)
    {
        Resource = resource;
        Suffix = RandomNumberGenerator.GetString(SuffixLetters, 8);
        Id = $"{resource.Name}-{Suffix}";
    }

    public IResource Resource { get; }

    /// <summary>Name in DCP and in the dashboard.</summary>
    public string Id { get; }

    /// <summary>Tells the replicas apart in telemetry: <c>service.instance.id</c>.</summary>
    public string Suffix { get; }

    public static bool IsProcess(IResource resource) => resource is ProjectResource or ExecutableResource
        || resource.Annotations.OfType<NativeServerAnnotation>().Any();

    /// <summary>Names the instances of every resource that is a process.</summary>
    public static IReadOnlyList<Instance> CreateAll(IEnumerable<IResource> resources)
    {
        var all = new List<Instance>();
        foreach (var resource in resources.Where(IsProcess))
        {
            var instances = Enumerable.Range(0, Math.Max(1, resource.GetReplicaCount())).Select(_ => new Instance(resource)).ToArray();
            resource.Annotations.Add(new InstancesAnnotation([.. instances.Select(i => i.Id)]));
            all.AddRange(instances);
        }

        return all;
    }
}

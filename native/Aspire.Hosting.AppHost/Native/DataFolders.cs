using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Orders.Native.Servers;

namespace Orders.Native.Hosting;

/// <summary>Where the servers keep their data. A data volume belongs to one AppHost at a time.</summary>
internal sealed class DataFolders(NativeLayout layout, RunFolder run) : IDisposable
{
    private readonly List<FileLock> _locks = [];

    public static string? VolumeOf(IResource resource) =>
        resource.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(m => m.Type == ContainerMountType.Volume)?.Source;

    public void Lock(IEnumerable<IResource> resources)
    {
        foreach (var (resource, volume) in resources.Select(r => (r, VolumeOf(r))).Where(r => r.Item2 is not null))
        {
            Directory.CreateDirectory(layout.Data);
            var owner = FileLock.TryTake(Path.Combine(layout.Data, $"{volume}.lock")) ?? throw new DistributedApplicationException(
                $"The data of '{resource.Name}' ({Path.Combine(layout.Data, volume!)}) is in use by another AppHost of this clone. "
                + "Stop that one first, or start without data volumes.");
            _locks.Add(owner);
        }
    }

    public string For(IResource resource) =>
        VolumeOf(resource) is { } volume ? Path.Combine(layout.Data, volume) : run.DataFolder(resource.Name);

    public void Dispose()
    {
        foreach (var held in _locks)
            held.Dispose();
        _locks.Clear();
    }
}

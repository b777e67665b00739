using Aspire.Hosting.ApplicationModel;

namespace Orders.Native.Hosting;

internal static class DataFolders
{
    public static string? VolumeOf(IResource resource) =>
        resource.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(m => m.Type == ContainerMountType.Volume)?.Source;
}

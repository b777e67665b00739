using Aspire.Hosting.ApplicationModel;

namespace Orders.Native.Hosting;

internal static class DefaultCommands
{
    public static void Add(IResource resource)
    {
    }
}

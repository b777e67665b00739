using Aspire.Hosting;

namespace Orders.Native.Hosting;

internal static class NativeErrors
{
    /// <summary>True for errors whose message says what to do: a port in use, data in use, a tool that is missing.</summary>
    public static bool IsExpected(Exception e) => e is DistributedApplicationException;
}

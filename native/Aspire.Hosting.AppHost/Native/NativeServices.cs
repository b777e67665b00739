using Microsoft.Extensions.DependencyInjection;

namespace Orders.Native.Hosting;

internal static class NativeServices
{
    public static void Add(IServiceCollection services)
    {
    }
}

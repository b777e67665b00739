using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults;

public static class Defaults
{
    /// <summary>What every process of Orders has: telemetry, health, a clock that tests can move.</summary>
    public static void AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        builder.AddTelemetry();
        builder.AddHealth();
        builder.Services.TryAddSingleton(TimeProvider.System);
    }

    /// <summary>
    /// The address of another service as the AppHost gave it (<c>services__{name}__http__0</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException">The AppHost gave none: the reference is missing.</exception>
    public static Uri ServiceAddress(this IHostApplicationBuilder builder, string service) =>
        Uri.TryCreate(builder.Configuration[$"services:{service}:http:0"], UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException(
                $"no address for service '{service}': set services__{service}__http__0, or reference it in the AppHost");
}

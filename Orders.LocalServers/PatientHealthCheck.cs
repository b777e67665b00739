using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.LocalServers;

/// <summary>
/// Aspire repeats a failed health check after 1, 2, 3, 4, 5, 5 ... seconds: a server that is ready a moment after the question waits
/// for the next one, and everything that waits for it too. This check asks ten times a second for a while before it says no. It does
/// not ask a server before that listens: the check of Redis would return after 6 s only.
/// </summary>
internal sealed class PatientHealthCheck(IHealthCheck inner, Func<int?> port) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="services">Those of the AppHost.</param>
    /// <param name="servers">By the name of a health check, the endpoint of the server that it asks.</param>
    public static void Wrap(IServiceCollection services, ConcurrentDictionary<string, EndpointAnnotation> servers) =>
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations)
            {
                var make = check.Factory;
                check.Factory = provider =>
                    new PatientHealthCheck(make(provider), () => servers.TryGetValue(check.Name, out var server) ? server.Port : null);
            }
        });

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var started = Stopwatch.GetTimestamp();
        bool patient() => Stopwatch.GetElapsedTime(started) < Patience;
        while (port() is { } listening && !await ListensAsync(listening, cancellationToken))
        {
            if (!patient()) return HealthCheckResult.Unhealthy($"Nothing listens on port {listening}");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        while (true)
        {
            try
            {
                var result = await inner.CheckHealthAsync(context, cancellationToken);
                if (result.Status == HealthStatus.Healthy || !patient()) return result;
            }
            catch (Exception) when (patient() && !cancellationToken.IsCancellationRequested)
            {
                // Not yet: the next question follows at once, and the last one's exception is Aspire's to show.
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancel)
    {
        try
        {
            using var socket = new TcpClient(AddressFamily.InterNetwork);
            await socket.ConnectAsync("127.0.0.1", port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

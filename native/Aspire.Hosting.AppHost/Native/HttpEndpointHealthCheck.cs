using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Native.Hosting;

internal sealed class HttpEndpointHealthCheck(
    IHttpClientFactory clients, EndpointReference endpoint, string? path, int expected) : IHealthCheck
{
    private const int BodyLengthMax = 400;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated)
            return HealthCheckResult.Unhealthy("The endpoint is not allocated yet.");

        var url = new Uri(new Uri(endpoint.Url), path ?? "/");
        try
        {
            using var client = clients.CreateClient();
            client.Timeout = Timeout;
            using var response = await client.GetAsync(url, cancellationToken).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (status == expected)
                return HealthCheckResult.Healthy();
            var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Unhealthy($"{url} answered {status}, not {expected}: {body[..Math.Min(body.Length, BodyLengthMax)]}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"{url} does not answer within {Timeout.TotalSeconds} s.");
        }
        catch (HttpRequestException e)
        {
            return HealthCheckResult.Unhealthy($"{url} does not answer: {e.Message}");
        }
    }
}

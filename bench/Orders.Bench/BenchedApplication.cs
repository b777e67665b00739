using System.Globalization;
using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orders.Bench;

/// <summary>The whole application, with servers of its own that start empty.</summary>
internal sealed class BenchedApplication : IAsyncDisposable
{
    private readonly DistributedApplication _app;
    private readonly int _apiProcess;

    private BenchedApplication(DistributedApplication app, int apiProcess, HttpClient api) =>
        (_app, _apiProcess, Api) = (app, apiProcess, api);

    public HttpClient Api { get; }

    /// <param name="heapMb">Most that the api's garbage collector may hold; 0: what it likes.</param>
    public static async Task<BenchedApplication> StartAsync(int heapMb)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Orders_AppHost>(["--data=none", "--rate=0"]);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var project = builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "api");
        // The benchmark sends with one key, as fast as it can.
        var api = builder.CreateResourceBuilder(project)
            .WithEnvironment("Orders__Access__RequestsPerSecond", "1000000").WithEnvironment("Orders__Access__Burst", "1000000");
        if (heapMb > 0) api.WithEnvironment("DOTNET_GCHeapHardLimit", ((long)heapMb << 20).ToString("x", CultureInfo.InvariantCulture));
        var app = await builder.BuildAsync();
        await app.StartAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        await app.ResourceNotifications.WaitForResourceHealthyAsync("simulator", patience.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("indexer", patience.Token);
        var running = await app.ResourceNotifications.WaitForResourceAsync("api", r => r.Snapshot.State?.Text == "Running");
        var pid = running.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value;
        return new BenchedApplication(app, Convert.ToInt32(pid, CultureInfo.InvariantCulture), await ClientAsync(app));
    }

    /// <summary>Resident memory of the api's process.</summary>
    public long ApiMemoryMb()
    {
        using var process = System.Diagnostics.Process.GetProcessById(_apiProcess);
        return process.WorkingSet64 >> 20;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<HttpClient> ClientAsync(DistributedApplication app)
    {
        var secret = app.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .OfType<ParameterResource>().Single(parameter => parameter.Name == "admin-key");
        var client = app.CreateHttpClient("api");
        client.Timeout = TimeSpan.FromHours(1);
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", "ordk_admin_" + await secret.GetValueAsync(CancellationToken.None));
        return client;
    }
}

/// <summary>Memory, twice a second: how it began, a few values on the way, and the most.</summary>
internal sealed class MemorySamples : IDisposable
{
    private readonly List<long> _samples = [];
    private readonly Timer _timer;

    public MemorySamples(Func<long> sample) => _timer = new Timer(_ =>
    {
        var value = sample();
        lock (_samples) _samples.Add(value);
    }, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(500));

    public void Dispose() => _timer.Dispose();

    public override string ToString()
    {
        lock (_samples)
        {
            var some = Enumerable.Range(0, 11).Select(tenth => _samples[(_samples.Count - 1) * tenth / 10]);
            return $"{string.Join(' ', some)}, at most {_samples.Max()}";
        }
    }
}

using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.Contracts;

namespace Orders.ServiceDefaults.Caching;

/// <summary>Section <c>Orders:Cache</c>.</summary>
public sealed class OrderCacheOptions
{
    public const string Section = "Orders:Cache";

    /// <summary>How long an order stays cached, plus or minus a tenth. Default 20 minutes, 1 second to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>
    /// How long it is remembered that an order which is not cached has changed, so that no reader caches what he read before.
    /// Default 10 s, 1 s to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TombstoneTimeToLive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a read or write may take before it counts as failed. Default 100 ms, 10 ms to 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Orders that one round trip asks for at most; reads gather while one is on its way. Default 256, 1 to 4,096.</summary>
    [Range(1, 4096)]
    public int BatchKeysMax { get; set; } = 256;

    /// <summary>How long the cache is left alone when half of 20 calls have failed. Default 5 s, 500 ms to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Hits, misses, writes and failures of the order cache.</summary>
public sealed class OrderCacheMetrics
{
    private readonly Counter<long> _reads;
    private readonly Counter<long> _writes;
    private readonly Counter<long> _failures;

    public OrderCacheMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orders.Cache");
        _reads = meter.CreateCounter<long>("orders.cache.reads", "{read}", "Reads of orders by id, by result (hit or miss)");
        _writes = meter.CreateCounter<long>("orders.cache.writes", "{write}", "Conditional writes, by result (stored or older)");
        _failures = meter.CreateCounter<long>("orders.cache.failures", "{failure}", "Calls that failed or timed out, by operation");
    }

    public void Read(bool hit) => _reads.Add(1, new KeyValuePair<string, object?>("result", hit ? "hit" : "miss"));

    public void Write(bool stored) => _writes.Add(1, new KeyValuePair<string, object?>("result", stored ? "stored" : "older"));

    public void Failed(string operation) => _failures.Add(1, new KeyValuePair<string, object?>("operation", operation));
}

public static class OrderCacheExtensions
{
    public static void AddOrderCache(this IHostApplicationBuilder builder)
    {
        // No health check: without the cache everything still works, only slower.
        builder.AddRedisClient(WireNames.Connections.Cache, settings => settings.DisableHealthChecks = true, redis =>
        {
            redis.AbortOnConnectFail = false;
            redis.ConnectTimeout = 2000;
            redis.KeepAlive = 10;
        });
        builder.Services.AddOptions<OrderCacheOptions>()
            .BindConfiguration(OrderCacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<OrderCacheMetrics>();
        builder.Services.AddSingleton<OrderCache>();
        builder.Services.AddHostedService<OrderCacheWarmUp>();
    }
}

/// <summary>
/// Before the process takes requests, so that the first ones find the cache ready; without a cache it starts all the same.
/// </summary>
internal sealed class OrderCacheWarmUp(IServiceProvider services) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        // Connecting waits for its timeout on this thread.
        var work = Task.Run(() => services.GetRequiredService<OrderCache>().WarmUpAsync(limit.Token), limit.Token);
        await work.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

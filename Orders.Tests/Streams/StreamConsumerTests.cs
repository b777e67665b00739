using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Freshness;
using Orders.ServiceDefaults.Messaging;
using Orders.Tests.Support;
using static Orders.Tests.Streams.StreamRun;

namespace Orders.Tests.Streams;

/// <summary>A projection as the indexer registers it: sessions that replace one another, and what its health check says.</summary>
[Unit]
public sealed class StreamConsumerTests : IAsyncDisposable
{
    private readonly Journal _journal = new();
    private readonly ScriptedKafka _kafka;
    private readonly ScriptedProjection _sink;
    private readonly IHost _host;

    public StreamConsumerTests()
    {
        (_kafka, _sink) = (new ScriptedKafka(_journal), new ScriptedProjection(_journal));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddStreams();
        builder.AddProjection<ScriptedProjection>();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(new FreshnessBoard());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<KafkaClients>(_kafka);
        builder.Services.AddSingleton(_sink);
        builder.Services.Configure<StreamOptions>(options =>
            options.BackoffMin = options.BackoffMax = TimeSpan.FromMilliseconds(20));
        _host = builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        _sink.Release();
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task A_session_that_breaks_is_replaced_by_one_with_a_consumer_of_its_own()
    {
        await StartAsync(0);
        var first = _kafka.Consumers[0];
        _sink.Failing = () => new PositionMovedException("another was here", new InvalidOperationException());
        first.Send(Event("a", 1, 0));
        await Eventually.Is(() => Task.FromResult(_kafka.Consumers.Count > 1), "another consumer", TimeSpan.FromSeconds(20));
        Assert.True(first.IsDisposed);
        Assert.DoesNotContain("stored 0:1", _journal.Lines);

        _sink.Failing = () => null;
        await Eventually.Is(async () =>
        {
            // The one that is there when the target is well again.
            var last = _kafka.Consumers[^1];
            await last.AssignAsync(0).WaitAsync(TimeSpan.FromSeconds(1));
            last.Send(Event("a", 1, 0));
            await _journal.SeenAsync("stored 0:1");
            return true;
        }, "the event is read again", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_broker_that_is_away_at_the_start_is_asked_again()
    {
        var asked = 0;
        _kafka.OnEnsureTopics = () =>
        {
            if (++asked < 4) throw new TimeoutException("no broker");
        };

        await StartAsync(0);

        Assert.Equal(4, asked);
        Assert.Single(_kafka.Consumers);
    }

    [Fact]
    public async Task It_is_degraded_while_its_target_takes_nothing_and_well_again_afterwards()
    {
        await StartAsync(0);
        _sink.Failing = () => new HttpRequestException("away");
        _kafka.Consumers[0].Send(Event("a", 1, 0));

        var degraded = await Eventually.Get(
            HealthAsync, seen => seen.Description == "orders-scripted: its server does not take documents", "it says why",
            TimeSpan.FromSeconds(20));
        Assert.Equal(HealthStatus.Degraded, degraded.Status);

        _sink.Failing = () => null;
        await _journal.SeenAsync("stored 0:1");
        await Eventually.Get(HealthAsync, seen => seen.Status == HealthStatus.Healthy, "it is well again", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Without_partitions_it_is_well_because_it_holds_up_nothing()
    {
        await StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync()).Status);

        // Nor does it when they leave while the target is away: that is their next owner's affair.
        _sink.Failing = () => new HttpRequestException("away");
        await _kafka.Consumers[0].AssignAsync(0);
        _kafka.Consumers[0].Send(Event("a", 1, 0));
        await Eventually.Get(HealthAsync, seen => seen.Status == HealthStatus.Degraded, "it is degraded", TimeSpan.FromSeconds(20));
        await _kafka.Consumers[0].RevokeAsync(0);

        await Eventually.Get(HealthAsync, seen => seen.Status == HealthStatus.Healthy, "nothing is held up", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_stop_ends_the_session_and_begins_no_other()
    {
        await StartAsync(0);

        await _host.StopAsync();

        Assert.Equal(["prepared", "revoked 0", "closed"], _journal.Lines);
        Assert.Single(_kafka.Consumers);
    }

    private async Task StartAsync(params int[] partitions)
    {
        await _host.StartAsync();
        await _journal.SeenAsync("prepared");
        if (partitions.Length > 0) await _kafka.Consumers[0].AssignAsync(partitions);
    }

    private async Task<HealthReportEntry> HealthAsync() =>
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[nameof(ScriptedProjection)];
}

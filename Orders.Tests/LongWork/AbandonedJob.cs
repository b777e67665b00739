using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.Indexer.Analytics;
using Orders.Indexer.Drift;
using Orders.Indexer.Jobs;
using Orders.Indexer.Projections;
using Orders.Indexer.Replaying;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Freshness;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.LongWork;

/// <summary>
/// A job whose process has died in the middle: begun in this process, with pages of a few rows, and left where it was. What it saved is all
/// that its successor, one of the application's indexers, has. That a killed process really lets go of its job is seen in
/// <see cref="Anomalies.Storm"/>.
/// </summary>
internal sealed class AbandonedJob
{
    private readonly OrdersApplication _app;

    private AbandonedJob(OrdersApplication app, JsonElement left) => (_app, Left) = (app, left);

    /// <summary>The job as it was left.</summary>
    public JsonElement Left { get; }

    public string Id => SearchState.Id(Left);

    /// <param name="app">The application.</param>
    /// <param name="kind">The kind of work.</param>
    /// <param name="wanted">What is asked for, as the api writes it.</param>
    /// <param name="until">Given how far it is, whether it dies.</param>
    public static async Task<AbandonedJob> LeaveAsync(OrdersApplication app, string kind, object wanted, Func<JsonElement, bool> until)
    {
        await Eventually.Is(async () => await app.Database.ScalarAsync<long>(
            "select count(*) from jobs where kind = $1 and state in ('queued', 'running')", kind) == 0, $"no other {kind}");
        var (id, owner) = ("job-" + Guid.CreateVersion7(), Guid.NewGuid().ToString("N"));
        await app.Database.ListAsync<string>(
            """
            insert into jobs (id, kind, parameters, state, created_by, started_at, attempts, owner, lease_until)
            values ($1, $2, $3::jsonb, 'running', 'test', now(), 1, $4, now() + interval '5 minutes') returning id
            """, id, kind, JsonSerializer.Serialize(wanted), owner);
        using var parts = await app.PartsAsync(Add);
        var context = new JobContext(
            new ClaimedJob(id, kind, JsonSerializer.Serialize(wanted), null, 1, owner, IsCancelled: false),
            parts.Services.GetRequiredService<JobQueue>());
        using var death = new CancellationTokenSource();
        var work = parts.Services.GetServices<IJob>().Single(job => job.Kind == kind).RunAsync(context, death.Token);
        await Eventually.Is(async () =>
        {
            if (work.IsCompleted) await work;
            Assert.False(work.IsCompleted, "it was done before it could die");
            return until(await app.JobAsync(id));
        }, $"{kind} is in the middle");
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        return new AbandonedJob(app, await app.JobAsync(id));
    }

    /// <summary>Its lease runs out; gives back the job when a successor has done it.</summary>
    public async Task<JsonElement> TakenOverAsync()
    {
        await _app.ExecuteAsync("update jobs set lease_until = now() - interval '1 second' where id = $1", Id);
        var done = await _app.DoneAsync(Left);
        Assert.InRange(done.GetProperty("attempts").GetInt32(), 2, 20);
        return done;
    }

    /// <summary>How far a job is by one of its numbers; 0 before it has saved anything.</summary>
    public static long Progress(JsonElement job, string name) =>
        job.TryGetProperty("progress", out var progress) && progress.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static void Add(HostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FreshnessBoard>();
        builder.AddStreams();
        builder.AddSearchProjection();
        builder.AddJobs();
        builder.AddDrift();
        builder.AddReplaying();
        builder.AddAnalytics();
        // So small that it is in the middle for long.
        // No indexer takes it before it dies, however slow the machine is.
        builder.Services.Configure<JobOptions>(options => options.Lease = TimeSpan.FromMinutes(5));
        builder.Services.Configure<SearchOptions>(options => options.RebuildPageSize = 50);
        builder.Services.Configure<AnalyticsOptions>(options => options.RebuildOrdersMax = 20);
        builder.Services.Configure<DriftOptions>(options => options.RepairSize = 20);
    }
}

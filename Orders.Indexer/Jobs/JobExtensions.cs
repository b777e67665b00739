using Orders.Contracts;

namespace Orders.Indexer.Jobs;

internal static class JobExtensions
{
    private const int ShownMax = 20;

    /// <summary>Runs the jobs that were added.</summary>
    public static void AddJobs(this IHostApplicationBuilder builder)
    {
        // As for the webhooks, whose registration this repeats: its check would call this process unhealthy, and it only has to wait.
        builder.AddNpgsqlDataSource(WireNames.Connections.OrdersDb, settings => settings.DisableHealthChecks = true);
        builder.Services.AddOptions<JobOptions>().BindConfiguration(JobOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.BackoffMin <= options.BackoffMax, "BackoffMin must not be longer than BackoffMax")
            .ValidateOnStart();
        builder.Services.AddSingleton<JobQueue>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>(WireNames.Connections.OrdersDb);
        builder.Services.AddHostedService<JobRunner>();
    }

    public static void AddJob<T>(this IHostApplicationBuilder builder)
        where T : class, IJob => builder.Services.AddSingleton<IJob, T>();

    /// <summary>
    /// For the dashboard, on this process's own address, which is not open to the outside: start what takes no parameters, and look.
    /// </summary>
    public static void MapJobs(this WebApplication app)
    {
        app.MapGet("/jobs", async (JobQueue queue, CancellationToken cancel) =>
            Results.Content(await queue.NewestAsync(ShownMax, cancel), "application/json"));
        app.MapPost("/jobs/{kind}", async (string kind, IEnumerable<IJob> jobs, JobQueue queue, CancellationToken cancel) =>
        {
            if (kind is WireNames.Jobs.Replay || !jobs.Any(job => job.Kind == kind)) return Results.NotFound();
            var id = await queue.ScheduleAsync(kind, TimeSpan.Zero, "dashboard", cancel);
            return id is null
                ? Results.Conflict(new { detail = $"a {kind} is queued or running already" })
                : Results.Accepted("/jobs", new { id });
        });
    }
}

using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;

namespace Orders.ServiceDefaults.Freshness;

/// <summary>Section <c>Orders:Freshness</c>.</summary>
public sealed class FreshnessOptions
{
    public const string Section = "Orders:Freshness";

    /// <summary>How often a process adds its counts to the table. Default 5 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long minutes are kept. Default 7 days, 1 hour to 1 year.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "366.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often a change is looked for in the search engine. Default 5 s, 200 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:10:00")]
    public TimeSpan CanaryInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one is looked for before it counts as lost from sight. Default 1 minute, 1 s to 20 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:20:00")]
    public TimeSpan CanaryPatience { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Adds this process's counts to those of all others, minute by minute.</summary>
internal sealed partial class FreshnessWriter(
    FreshnessBoard board, DbDataSource database, IOptions<FreshnessOptions> options, TimeProvider time, ILogger<FreshnessWriter> logger)
    : BackgroundService
{
    private const string Add = """
        insert into freshness (minute, stage, counts) values (date_trunc('minute', $1::timestamptz), $2, $3)
        on conflict (minute, stage) do update set counts =
            (select array_agg(a + b order by n) from unnest(freshness.counts, excluded.counts) with ordinality as both_counts (a, b, n))
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WriteInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last seconds of a process are not counted.
        }
    }

    internal async Task WriteAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        foreach (var (stage, counts) in board.Take())
        {
            try
            {
                await ExecuteAsync(Add, cancel, time.GetUtcNow().UtcDateTime, stage, counts);
            }
            catch (Exception error) when (error is DbException or TimeoutException)
            {
                board.Return(stage, counts);
                LogFailed(error.Message);
                return;
            }
        }

        if (time.GetUtcNow().Second < options.Value.WriteInterval.TotalSeconds) await TidyAsync(cancel);
    }

    /// <summary>About once a minute.</summary>
    private async Task TidyAsync(CancellationToken cancel)
    {
        try
        {
            await ExecuteAsync("delete from freshness where minute < $1", cancel, (time.GetUtcNow() - options.Value.Retention).UtcDateTime);
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            LogFailed(error.Message);
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            var parameter = command.CreateParameter();
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(LogLevel.Warning, "Freshness was not written down, it is tried again: {Reason}")]
    private partial void LogFailed(string reason);
}

public static class FreshnessExtensions
{
    /// <param name="builder">The process.</param>
    /// <param name="database">The database of orders, as this process is connected to it.</param>
    public static void AddFreshness(this IHostApplicationBuilder builder, Func<IServiceProvider, DbDataSource> database)
    {
        builder.Services.AddOptions<FreshnessOptions>()
            .BindConfiguration(FreshnessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<FreshnessBoard>();
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<FreshnessWriter>(services, database(services)));
    }
}

using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>Reads statistics, one reader for all clients, and records them.</summary>
internal sealed partial class MetricsService(MetricsChannel channel, Metrics metrics, ILogger<MetricsService> logger) : BackgroundService
{
    private readonly Dictionary<string, Statistics> _last = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var json in channel.Reader.ReadAllAsync(stoppingToken))
        {
            if (Parse(json) is not { Name: { } name } now)
            {
                LogUnreadable(json);
                continue;
            }

            metrics.Record(now, _last.GetValueOrDefault(name));
            _last[name] = now;
        }
    }

    private static Statistics? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, StatisticsJson.Default.Statistics);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Invalid statistics: {Json}")]
    private partial void LogUnreadable(string json);
}

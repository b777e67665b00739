using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>Takes what a client reports: its log, which else goes to the console, and its statistics.</summary>
internal sealed class ClientReports(IServiceProvider services)
{
    private readonly ILogger _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Aspire.Confluent.Kafka");
    private readonly KafkaMetrics? _metrics = services.GetService<KafkaMetrics>();

    public void Log(LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        // A setting that is deprecated is still a decision of the configuration, and the client says it anew for each client made.
        if (message.Facility == "CONFWARN") level = LogLevel.Debug;
        _logger.Log(level, new EventId(0, message.Facility), message.Message, null, static (text, _) => text);
    }

    public void Measure(string json) => _metrics?.Record(json);
}

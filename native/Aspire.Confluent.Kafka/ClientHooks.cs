using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>What a registered client reports: its log, and its statistics as metrics.</summary>
internal sealed partial class ClientHooks(IServiceProvider services)
{
    private readonly ILogger _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(Names.Log);
    private readonly MetricsChannel? _channel = services.GetService<MetricsChannel>();

    /// <summary>A client builder refuses a second handler of a kind; the caller's own one stays.</summary>
    public void Try(string handler, Action set)
    {
        try
        {
            set();
        }
        catch (InvalidOperationException)
        {
            LogAlreadySet(handler);
        }
    }

    public void Log(LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        _logger.Log(level, new EventId(0, message.Facility), message.Message, null, static (text, _) => text);
    }

    /// <summary>Called on the thread that serves the client, so it only hands over.</summary>
    public void Measure(string json)
    {
        if (!string.IsNullOrEmpty(json)) _channel?.Writer.TryWrite(json);
    }

    [LoggerMessage(LogLevel.Warning, "{Handler} is already set; the integration leaves it alone")]
    private partial void LogAlreadySet(string handler);
}

using Confluent.Kafka;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.Inbound;

/// <summary>
/// Brings accepted requests to the inbound topic: at once if it can, and again as long as their outcome is not known. Sending
/// twice is harmless, forgetting is not, so nobody waits for the first attempt and every open request is looked at again.
/// </summary>
internal sealed partial class InboundSender(
    KafkaClients kafka, OrderRequests requests, IOptions<InboundOptions> options, TimeProvider time, ILogger<InboundSender> logger)
    : BackgroundService
{
    private readonly Lazy<IProducer<string, byte[]>> _producer = new(() => kafka.CreateProducer());

    /// <summary>Hands a request over. What cannot be handed over stays open and is sent later.</summary>
    public void Send(string id, string key, byte[] command)
    {
        try
        {
            _producer.Value.Produce(WireNames.Topics.Inbound, new Message<string, byte[]> { Key = key, Value = command });
        }
        catch (ProduceException<string, byte[]> full)
        {
            LogNotSent(id, full.Error.Reason);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                LogSweepFailed(error.Message);
            }
        }
    }

    public override void Dispose()
    {
        if (_producer.IsValueCreated) _producer.Value.Dispose();
        base.Dispose();
    }

    private async Task SweepAsync(CancellationToken cancel)
    {
        // What is asked every few seconds for ever leaves no trace: it would bury the traces of orders.
        using var untraced = SuppressInstrumentationScope.Begin();
        var now = time.GetUtcNow();
        var open = await requests.OpenAsync(now - options.Value.ResendAfter, options.Value.SweepBatchMax, cancel);
        if (open.Count > 0)
        {
            foreach (var (id, command) in open) Send(id, id, command);
            await requests.SentAsync(open.ConvertAll(request => request.Id), now, cancel);
            LogResent(open.Count);
        }

        await requests.ForgetAsync(now - options.Value.Lifetime, options.Value.SweepBatchMax, cancel);
    }

    [LoggerMessage(LogLevel.Warning, "Request {Id} waits for its next turn: {Reason}")]
    private partial void LogNotSent(string id, string reason);

    [LoggerMessage(LogLevel.Warning, "{Count} accepted requests had no outcome yet and were sent again")]
    private partial void LogResent(int count);

    [LoggerMessage(LogLevel.Warning, "Open requests could not be looked after now: {Reason}")]
    private partial void LogSweepFailed(string reason);
}

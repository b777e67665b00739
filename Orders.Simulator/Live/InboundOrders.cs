using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.Simulator.Api;
using Orders.Simulator.Model;

namespace Orders.Simulator.Live;

/// <summary>How live orders reach Orders.</summary>
internal enum LiveTransport
{
    /// <summary><c>POST /v1/orders</c>.</summary>
    Http,

    /// <summary>Commands on the topic <c>orders.inbound</c>.</summary>
    Inbound,
}

/// <summary>
/// Asks for orders over the topic. An intent is done when the broker has acknowledged its command; until then it is sent again, and as
/// often as it takes: source and id are the idempotency key, so a command that arrives twice is one order. Commands of one order have
/// one key, so a cancellation is read after what it cancels.
/// </summary>
/// <param name="connect">Makes a producer; a broken one is replaced.</param>
internal sealed partial class InboundOrders(
    Func<IProducer<string, byte[]>> connect, Supplies supplies, RunName run, SimulatorMetrics metrics, TimeProvider time,
    ILogger<InboundOrders> logger) : IDisposable
{
    private const string Source = "/orders/simulator";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FlushMax = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<IProducer<string, byte[]>> _broken = [];
    private IProducer<string, byte[]>? _producer;

    /// <returns>The order's external id, by which others find it; or that the simulator was stopped before the broker had it.</returns>
    public async Task<OrderReply> PlaceAsync(OrderIntent intent, CancellationToken cancel)
    {
        var externalId = FormattableString.Invariant($"live/{run.Name}/{intent.Number}");
        var order = intent.Request with { ExternalId = externalId };
        await supplies.BringAsync(order, cancel);
        var data = JsonSerializer.SerializeToElement(order, ApiJson.Default.PlaceOrderRequest);
        return await SendAsync(externalId, intent.IdempotencyKey.ToString(), InboundCommand.Place, data, cancel);
    }

    public Task<OrderReply> CancelAsync(string externalId, string reason, CancellationToken cancel)
    {
        var data = JsonSerializer.SerializeToElement(new CancelCommand(externalId, reason), ApiJson.Default.CancelCommand);
        return SendAsync(externalId, externalId + "/cancel", InboundCommand.Cancel, data, cancel);
    }

    public void Dispose()
    {
        _producer?.Flush(FlushMax);
        _producer?.Dispose();
        _broken.ForEach(producer => producer.Dispose());
    }

    private async Task<OrderReply> SendAsync(string externalId, string id, string type, JsonElement data, CancellationToken cancel)
    {
        var value = JsonSerializer.SerializeToUtf8Bytes(new InboundCommand
        {
            Id = id, Source = Source, Type = type, Time = time.GetUtcNow(), TraceParent = Activity.Current?.Id, Data = data,
        }, OrdersJson.Default.InboundCommand);
        while (!cancel.IsCancellationRequested)
        {
            var producer = Producer();
            try
            {
                await producer.ProduceAsync(
                    WireNames.Topics.Inbound, new Message<string, byte[]> { Key = externalId, Value = value }, cancel);
                return new OrderReply(externalId, null);
            }
            catch (KafkaException failure)
            {
                metrics.Retried();
                LogNotSent(externalId, failure.Error.Reason);
                if (failure.Error.IsFatal) Replace(producer);
                await Task.Delay(Pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // Said below: the command may be on its way.
            }
        }

        return new OrderReply(null, FailureKind.Interrupted);
    }

    private IProducer<string, byte[]> Producer()
    {
        lock (_lock) return _producer ??= connect();
    }

    /// <summary>After a fatal error a producer sends nothing any more. It is let go at the end: others may still hold it.</summary>
    private void Replace(IProducer<string, byte[]> producer)
    {
        lock (_lock)
        {
            if (_producer != producer) return;
            _broken.Add(producer);
            _producer = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Order {ExternalId} is sent to the topic again: {Reason}")]
    private partial void LogNotSent(string externalId, string reason);
}

using System.Diagnostics;
using Microsoft.Extensions.Options;
using Orders.Simulator.Api;
using Orders.Simulator.Model;

namespace Orders.Simulator.Live;

/// <summary>
/// Carries one intent out: places the order and, if its customer has second thoughts, cancels it a moment later. Over HTTP, or over the
/// topic where there is one.
/// </summary>
internal sealed partial class OrderPlacer(
    OrdersApi api, ShopWindow shop, SimulatorMetrics metrics, IOptions<SimulatorOptions> options, TimeProvider time,
    ILogger<OrderPlacer> logger, InboundOrders? inbound = null)
{
    private const string Place = "place";
    private const string Cancel = "cancel";

    /// <summary>Between two rounds of attempts, each of which has backed off by itself.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly string[] Reasons = ["changed my mind", "found it cheaper", "ordered by mistake", "takes too long"];

    /// <returns>The id of the order, or the one by which the topic knows it; null when it was not placed.</returns>
    public async Task<string?> PlaceAsync(OrderIntent intent, CancellationToken cancel)
    {
        using var span = Root("place order", null);
        span?.SetTag("orders.intent", intent.Number);
        span?.SetTag("orders.lines", intent.Request.Items.Count);
        var started = time.GetTimestamp();
        var reply = inbound is null ? await DecideAsync(intent, cancel) : await inbound.PlaceAsync(intent, cancel);
        if (reply.SoldOut is { } product)
        {
            // No failure: the supplier comes, and the next customer gets some.
            metrics.SoldOut();
            span?.SetTag("orders.sold_out", product);
            await api.RestockAsync(product, options.Value.RestockPieces, cancel);
            return null;
        }

        if (reply.Failure is { } failure)
        {
            Fail(span, Place, failure, reply.Status);
            if (failure == FailureKind.Rejected) shop.Refused();
            return null;
        }

        metrics.Placed(time.GetElapsedTime(started));
        span?.SetTag("orders.order_id", reply.OrderId);
        if (intent.CancelAfter is { } after && reply.OrderId is { } id) Later(id, after, span?.Context, intent.Number, cancel);
        return reply.OrderId;
    }

    /// <summary>
    /// With <see cref="SimulatorOptions.KeepTrying"/> an intent has one of two ends: the API has the order, or says why not. Sending it
    /// again after an unknown outcome cannot double it, because the key is the same.
    /// </summary>
    private async Task<OrderReply> DecideAsync(OrderIntent intent, CancellationToken cancel)
    {
        var reply = await api.PlaceAsync(intent, cancel);
        while (options.Value.KeepTrying && reply.Failure is not (null or FailureKind.Rejected or FailureKind.Interrupted))
        {
            metrics.Retried();
            await Task.Delay(Pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            reply = await api.PlaceAsync(intent, cancel);
        }

        return reply;
    }

    /// <summary>Not awaited by the order: a customer who hesitates must not hold a place in flight.</summary>
    private void Later(string orderId, double after, ActivityContext? placed, long number, CancellationToken cancel) =>
        _ = CancelLaterAsync(orderId, after, placed, Reasons[number % Reasons.Length], cancel);

    private async Task CancelLaterAsync(string orderId, double after, ActivityContext? placed, string reason, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(options.Value.CancelDelay * after, time, cancel);
            using var span = Root("cancel order", placed);
            span?.SetTag("orders.order_id", orderId);
            var reply = inbound is null
                ? await api.CancelAsync(orderId, reason, cancel) : await inbound.CancelAsync(orderId, reason, cancel);
            if (reply.Failure is { } failure) Fail(span, Cancel, failure, reply.Status);
            else metrics.Cancelled();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            LogNotCancelled(orderId);
        }
    }

    private void Fail(Activity? span, string operation, FailureKind kind, int? status)
    {
        metrics.Failed(operation, kind);
        span?.SetStatus(ActivityStatusCode.Error, kind.ToWire());
        LogFailed(operation, kind.ToWire(), status);
    }

    /// <summary>A trace of its own, whatever is current here; a cancellation links to the order's.</summary>
    private static Activity? Root(string name, ActivityContext? linked)
    {
        Activity.Current = null;
        ActivityLink[] links = linked is { } order ? [new ActivityLink(order)] : [];
        return SimulatorMetrics.Source.StartActivity(ActivityKind.Internal, name: name, links: links);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Could not {Operation} an order: {Kind} (status {Status})")]
    private partial void LogFailed(string operation, string kind, int? status);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stopped before order {OrderId} was cancelled")]
    private partial void LogNotCancelled(string orderId);
}

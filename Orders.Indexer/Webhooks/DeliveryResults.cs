using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Webhooks;

/// <summary>
/// Writes results together: whatever has come while the last statement ran goes into the next one. Every delivery waits here for
/// its result to be durable, so there are never more than deliveries under way.
/// </summary>
internal sealed partial class DeliveryResults(
    DeliveryQueue queue, WebhookMetrics metrics, IOptions<WebhookOptions> options, TimeProvider time, ILogger<DeliveryResults> logger)
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(5);

    private readonly Channel<(DeliveryResult Result, TaskCompletionSource Written)> _results =
        Channel.CreateUnbounded<(DeliveryResult, TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Returns when the result is durable.</summary>
    public Task WriteAsync(DeliveryResult result)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _results.Writer.TryWrite((result, written)) ? written.Task : Task.CompletedTask;
    }

    /// <summary>No more results come: <see cref="RunAsync"/> ends when those that came are written.</summary>
    public void Complete() => _results.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/>. A database that is away is waited for; leases go on running meanwhile.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var limit = 2 * options.Value.Concurrency;
        while (await _results.Reader.WaitToReadAsync(cancel))
        {
            var batch = new List<(DeliveryResult Result, TaskCompletionSource Written)>();
            while (batch.Count < limit && _results.Reader.TryRead(out var next)) batch.Add(next);
            await WriteAsync(batch.ConvertAll(entry => entry.Result), cancel);
            foreach (var (_, written) in batch) written.SetResult();
        }
    }

    private async Task WriteAsync(List<DeliveryResult> results, CancellationToken cancel)
    {
        var backoff = new Backoff(BackoffMin, BackoffMax);
        while (true)
        {
            try
            {
                var disabled = await queue.SettleAsync(results, cancel);
                Report(results, disabled);
                return;
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                var wait = backoff.Next();
                LogNotWritten(results.Count, wait, failure);
                await Task.Delay(wait, time, cancel);
            }
        }
    }

    private void Report(List<DeliveryResult> results, List<(string SubscriptionId, string Reason)> disabled)
    {
        var now = time.GetUtcNow();
        foreach (var result in results)
        {
            metrics.Result(result, now);
            if (result.Fate is DeliveryFate.Failed)
                LogGivenUp(result.Delivery.EventId, result.Delivery.SubscriptionId, result.Delivery.Try);
        }

        foreach (var (id, reason) in disabled)
        {
            metrics.Disabled(reason);
            LogDisabled(id, reason);
        }
    }
}

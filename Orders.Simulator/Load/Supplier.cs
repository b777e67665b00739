using System.Collections.Concurrent;
using Orders.Simulator.Api;

namespace Orders.Simulator.Load;

/// <summary>
/// Fills shelves again when an order finds one empty, once at a time for a product. A load test is not to measure refusals.
/// </summary>
internal sealed class Supplier(OrdersApi api, int pieces)
{
    private readonly ConcurrentDictionary<string, Task> _deliveries = new(StringComparer.Ordinal);
    private long _delivered;
    private long _failed;

    /// <summary>Products that were brought, and deliveries that the API did not take.</summary>
    public (long Delivered, long Failed) Totals => (Interlocked.Read(ref _delivered), Interlocked.Read(ref _failed));

    public void SoldOut(string productId, CancellationToken cancel)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_deliveries.TryAdd(productId, begun.Task)) _ = DeliverAsync(productId, begun, cancel);
    }

    /// <summary>Returns when no delivery is on its way.</summary>
    public Task SettleAsync() => Task.WhenAll(_deliveries.Values);

    private async Task DeliverAsync(string productId, TaskCompletionSource begun, CancellationToken cancel)
    {
        try
        {
            var reply = await api.RestockAsync(productId, pieces, cancel);
            Interlocked.Increment(ref reply.Failure is null ? ref _delivered : ref _failed);
        }
        finally
        {
            _deliveries.TryRemove(productId, out _);
            begun.SetResult();
        }
    }
}

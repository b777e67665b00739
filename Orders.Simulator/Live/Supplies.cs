using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orders.Simulator.Api;
using Orders.Simulator.Model;

namespace Orders.Simulator.Live;

/// <summary>
/// Brings pieces before they are sold out: nobody tells the sender of a topic that a shelf is empty. A product is brought before it is
/// ordered for the first time, and again whenever as many pieces were asked for as came with the last delivery.
/// </summary>
internal sealed class Supplies(OrdersApi api, IOptions<SimulatorOptions> options)
{
    /// <summary>An API that is away does not keep orders from the topic for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, int> _left = new(StringComparer.Ordinal);

    public async Task BringAsync(PlaceOrderRequest order, CancellationToken cancel)
    {
        foreach (var line in order.Items)
        {
            // A delivery that fails is not repeated: the next order finds less than nothing left and brings again.
            if (_left.AddOrUpdate(line.ProductId, -line.Quantity, (_, left) => left - line.Quantity) >= 0) continue;
            var pieces = Math.Max(options.Value.RestockPieces, line.Quantity);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(Patience);
            var reply = await api.RestockAsync(line.ProductId, pieces, patience.Token);
            if (reply.Failure is null) _left.AddOrUpdate(line.ProductId, pieces, (_, left) => left + pieces);
        }
    }
}

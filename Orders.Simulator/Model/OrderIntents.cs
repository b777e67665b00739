using Orders.Simulator.Tables;

namespace Orders.Simulator.Model;

/// <summary>
/// One order that somebody wants, before anybody knows whether it will succeed. However often it has to be sent, it is sent
/// with the same key.
/// </summary>
/// <param name="Number">0, 1, ... within the run.</param>
/// <param name="CancelAfter">When the customer has second thoughts: in units of the configured delay, 0.5 to 1.5; null: never.</param>
internal sealed record OrderIntent(long Number, Guid IdempotencyKey, PlaceOrderRequest Request, double? CancelAfter);

/// <summary>
/// The intents of a run. Intent n is a function of (seed, run, n, tables). The run is part of it so that the same seed,
/// started again or started twice, wants new orders instead of repeating idempotency keys that are already used up.
/// </summary>
internal sealed class OrderIntents(int seed, string run, double cancelShare)
{
    private readonly RandomStream _stream = new(seed, "orders/" + run);

    public OrderIntent At(long number, OrderModel model)
    {
        var random = _stream.At(number);
        var key = random.Uuid();
        var (cancels, after) = (random.Chance(cancelShare), 0.5 + random.Unit());
        return new OrderIntent(number, key, model.Next(random), cancels ? after : null);
    }
}

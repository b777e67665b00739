using Orders.Simulator.Api;

namespace Orders.Simulator.Load;

/// <summary>Sends request n of a run, and sees to what its reply brings: orders to read, shelves to fill.</summary>
internal sealed class LoadSender(LoadShop shop, LoadClient client, Supplier supplier)
{
    /// <returns>Its outcome; never throws for a reason of its own.</returns>
    public async Task<LoadReply> SendAsync(LoadOperation operation, long number, CancellationToken cancel)
    {
        try
        {
            return operation switch
            {
                LoadOperation.Place => await PlaceAsync(number, cancel),
                LoadOperation.Read => await client.GetAsync(shop.Read(number), cancel),
                _ => await client.GetAsync(shop.Search(number), cancel),
            };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The edge of the loop: one request that fails in an unforeseen way is seen among the errors and does not end the run.
            return new LoadReply(FailureKind.Rejected, Said: $"{error.GetType().Name}: {error.Message}");
        }
    }

    private async Task<LoadReply> PlaceAsync(long number, CancellationToken cancel)
    {
        var reply = await client.PlaceAsync(shop.Place(number), cancel);
        if (reply.OrderId is { } id) shop.Orders.Add(id);
        if (reply.SoldOut is { } product) supplier.SoldOut(product, cancel);
        return reply;
    }
}

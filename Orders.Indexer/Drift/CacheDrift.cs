using Orders.Contracts;
using Orders.Indexer.Searching;
using Orders.ServiceDefaults.Caching;

namespace Orders.Indexer.Drift;

/// <summary>The cache: only what is cached counts.</summary>
internal sealed class CacheDrift(OrderCache cache, OrderPages pages) : IDriftSource
{
    public string Target => "cache";

    public string Group => WireNames.Groups.Cache;

    public ValueTask<bool> IsThereAsync(CancellationToken cancel) => ValueTask.FromResult(true);

    public bool MustHave(StoredVersion order) => false;

    public Task<Dictionary<string, int>> ListAsync(Bucket bucket, CancellationToken cancel) =>
        VersionsAsync([.. bucket.Orders.Keys], cancel);

    public Task<Dictionary<string, int>> VersionsAsync(IReadOnlyList<string> orderIds, CancellationToken cancel) =>
        cache.VersionsAsync(orderIds, cancel);

    public async Task<List<string>> AlteredAsync(
        IReadOnlyDictionary<string, (OrderState State, byte[] Json)> orders, CancellationToken cancel)
    {
        var cached = await cache.GetAllAsync([.. orders.Keys], cancel);
        return [.. cached.Where(entry => entry.Value.Version == orders[entry.Key].State.Version
            && !entry.Value.Json.Span.SequenceEqual(orders[entry.Key].Json)).Select(entry => entry.Key)];
    }

    public Task<List<string>> StraysAsync(CancellationToken cancel) => cache.ListAsync(cancel);

    public async Task RebuildAsync(IReadOnlyList<string> orderIds, CancellationToken cancel)
    {
        var cached = await cache.PeekAsync(orderIds, cancel);
        var orders = (await pages.BytesOfAsync([.. orderIds], cancel)).ToDictionary(order => order.State.Id, StringComparer.Ordinal);
        foreach (var id in orderIds)
        {
            if (orders.TryGetValue(id, out var order)) await cache.PutAsync(id, cached[id], order.State.Version, order.Json, cancel);
            else await cache.RemoveAsync(id, cancel);
        }
    }
}

using Orders.Api.Access;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features.Reading;

/// <summary>
/// Reads an order by id: cache first, then the database, filling the cache with what was read ("set if newer", so a slow
/// fill cannot bury a later change). Concurrent misses for one order share reads of the database, and none is answered by a read that
/// began before it: an order is never older than the last reply of a change, with or without a cache.
/// Bytes all the way: nothing here knows what an order looks like.
/// </summary>
internal sealed class OrderReader
{
    /// <summary>
    /// A fill older than this is dropped: the entry it would meet may have been evicted meanwhile, and with it the version
    /// that would have refused it.
    /// </summary>
    private static readonly TimeSpan FillAgeMax = TimeSpan.FromMilliseconds(500);

    private readonly OrderCache _cache;
    private readonly OrderStore _store;
    private readonly TimeProvider _time;
    private readonly SharedLoads<CachedOrder?> _loads;

    public OrderReader(OrderCache cache, OrderStore store, TimeProvider time)
    {
        (_cache, _store, _time) = (cache, store, time);
        _loads = new SharedLoads<CachedOrder?>(LoadAsync);
    }

    /// <summary>The order as response bytes, or null when there is none that this caller may see.</summary>
    public async ValueTask<CachedOrder?> GetAsync(string id, Caller caller, CancellationToken cancel)
    {
        var order = await _cache.GetAsync(id, cancel) ?? await _loads.GetAsync(id).WaitAsync(cancel);
        return order is { } found && MaySee(caller, found.Json.Span) ? found : null;
    }

    /// <summary>An order's bytes at any version are that customer's, or not theirs.</summary>
    public static bool MaySee(Caller caller, ReadOnlySpan<byte> json) =>
        caller.CustomerId is not { } customer || OrderBytes.IsOf(json, customer);

    /// <summary>Puts a version that was just committed into the cache; the caller's reply does not depend on it.</summary>
    public async ValueTask RememberAsync(string id, int version, byte[] json, CancellationToken cancel) =>
        await _cache.SetIfNewerAsync(id, version, json, cancel);

    // Not cancelled with the first caller's request: others wait for the same answer. The command timeout bounds it.
    private async Task<CachedOrder?> LoadAsync(string id)
    {
        var started = _time.GetTimestamp();
        if (await _store.FindAsync(id, CancellationToken.None) is not { } order) return null;
        if (_time.GetElapsedTime(started) < FillAgeMax)
            await _cache.SetIfNewerAsync(id, order.Version, order.Json, CancellationToken.None);
        return new CachedOrder(order.Version, order.Json);
    }
}

using System.Collections.Concurrent;
using Orders.Api.Access;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features.Reading;

/// <summary>
/// Reads an order by id: cache first, then the database, filling the cache with what was read ("set if newer", so a slow
/// fill cannot bury a later change). Of concurrent misses for one order, one reads the database and all get its answer.
/// Bytes all the way: nothing here knows what an order looks like.
/// </summary>
internal sealed class OrderReader(OrderCache cache, OrderStore store, TimeProvider time)
{
    /// <summary>
    /// A fill older than this is dropped: the entry it would meet may have been evicted meanwhile, and with it the version
    /// that would have refused it.
    /// </summary>
    private static readonly TimeSpan FillAgeMax = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Lazy<Task<CachedOrder?>>> _inFlight = new(StringComparer.Ordinal);

    /// <summary>The order as response bytes, or null when there is none that this caller may see.</summary>
    public async ValueTask<CachedOrder?> GetAsync(string id, Caller caller, CancellationToken cancel)
    {
        var order = await cache.GetAsync(id, cancel) ?? await LoadOnceAsync(id).WaitAsync(cancel);
        return order is { } found && MaySee(caller, found.Json.Span) ? found : null;
    }

    /// <summary>An order's bytes at any version are that customer's, or not theirs.</summary>
    public static bool MaySee(Caller caller, ReadOnlySpan<byte> json) =>
        caller.CustomerId is not { } customer || OrderBytes.IsOf(json, customer);

    /// <summary>Puts a version that was just committed into the cache; the caller's reply does not depend on it.</summary>
    public async ValueTask RememberAsync(string id, int version, byte[] json, CancellationToken cancel) =>
        await cache.SetIfNewerAsync(id, version, json, cancel);

    private Task<CachedOrder?> LoadOnceAsync(string id)
    {
        var load = _inFlight.GetOrAdd(id, key => new Lazy<Task<CachedOrder?>>(() => LoadAsync(key)));
        return load.Value;
    }

    // Not cancelled with the first caller's request: others wait for the same answer. The command timeout bounds it.
    private async Task<CachedOrder?> LoadAsync(string id)
    {
        try
        {
            var started = time.GetTimestamp();
            if (await store.FindAsync(id, CancellationToken.None) is not { } order) return null;
            if (time.GetElapsedTime(started) < FillAgeMax) await cache.SetIfNewerAsync(id, order.Version, order.Json,
                CancellationToken.None);
            return new CachedOrder(order.Version, order.Json);
        }
        finally
        {
            _inFlight.TryRemove(id, out _);
        }
    }
}

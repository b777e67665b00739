using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Domain;
using Orders.Api.Persistence;
using Orders.Contracts;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features;

/// <summary>
/// Reads an order by id: cache first, then the database, filling the cache with what was read ("set if newer", so a slow
/// fill cannot bury a later change). Of concurrent misses for one order, one reads the database and all get its answer.
/// </summary>
internal sealed class OrderReader(OrderCache cache, IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>
    /// A fill older than this is dropped: the entry it would meet may have been evicted meanwhile, and with it the version
    /// that would have refused it.
    /// </summary>
    private static readonly TimeSpan FillAgeMax = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Lazy<Task<CachedOrder?>>> _inFlight = new(StringComparer.Ordinal);

    /// <summary>The order as response bytes, or null when there is none.</summary>
    public async ValueTask<CachedOrder?> GetAsync(string id, CancellationToken cancel) =>
        await cache.GetAsync(id, cancel) ?? await LoadOnceAsync(id).WaitAsync(cancel);

    /// <summary>Puts a version that was just committed into the cache; the caller's reply does not depend on it.</summary>
    public async ValueTask<byte[]> RememberAsync(Order order, CancellationToken cancel)
    {
        var json = Bytes(order);
        await cache.SetIfNewerAsync(order.Id, order.Version, json, cancel);
        return json;
    }

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
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<OrdersDbContext>();
            var order = await db.Orders.AsNoTracking().Include(o => o.Items).SingleOrDefaultAsync(o => o.Id == id);
            if (order is null) return null;

            var json = Bytes(order);
            if (time.GetElapsedTime(started) < FillAgeMax) await cache.SetIfNewerAsync(id, order.Version, json, CancellationToken.None);
            return new CachedOrder(order.Version, json);
        }
        finally
        {
            _inFlight.TryRemove(id, out _);
        }
    }

    private static byte[] Bytes(Order order) => JsonSerializer.SerializeToUtf8Bytes(order.ToState(), OrdersJson.Default.OrderState);
}

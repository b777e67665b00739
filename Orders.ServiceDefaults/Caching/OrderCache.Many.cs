using System.Globalization;
using System.Text;
using Orders.Contracts;
using StackExchange.Redis;

namespace Orders.ServiceDefaults.Caching;

/// <summary>For those who compare and repair: many orders at once, without the guard, an outage is an exception.</summary>
public sealed partial class OrderCache
{
    private const int ScanPageSize = 1000;

    /// <summary>The versions of those orders that are cached; 0 for an entry that cannot be read. A tombstone is none.</summary>
    public async Task<Dictionary<string, int>> VersionsAsync(IReadOnlyList<string> orderIds, CancellationToken cancel)
    {
        var redis = _redis.GetDatabase();
        var starts = await Task.WhenAll(orderIds.Select(id => redis.StringGetRangeAsync(WireNames.CacheKey(id), 0, VersionDigits)))
            .WaitAsync(cancel);
        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < starts.Length; i++)
        {
            var start = (byte[]?)starts[i];
            if (start is { Length: > 0 and not VersionDigits }) versions[orderIds[i]] = Version(start);
        }

        return versions;
    }

    /// <summary>Those of the orders that are cached and can be read.</summary>
    public async Task<Dictionary<string, CachedOrder>> GetAllAsync(IReadOnlyList<string> orderIds, CancellationToken cancel)
    {
        var redis = _redis.GetDatabase();
        var values = await Task.WhenAll(orderIds.Select(id => redis.StringGetAsync(WireNames.CacheKey(id)))).WaitAsync(cancel);
        var orders = new Dictionary<string, CachedOrder>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            if (Parse(values[i]) is { } entry) orders[orderIds[i]] = entry;
        }

        return orders;
    }

    /// <summary>What the cache has of these orders, as it is, for <see cref="PutAsync"/>; null where it has nothing.</summary>
    public async Task<Dictionary<string, byte[]?>> PeekAsync(IReadOnlyList<string> orderIds, CancellationToken cancel)
    {
        var redis = _redis.GetDatabase();
        var values = await Task.WhenAll(orderIds.Select(id => redis.StringGetAsync(WireNames.CacheKey(id)))).WaitAsync(cancel);
        return orderIds.Zip(values).ToDictionary(pair => pair.First, pair => (byte[]?)pair.Second, StringComparer.Ordinal);
    }

    /// <summary>
    /// Makes the cache have this version in the place of what it <paramref name="had"/>, whatever that was, unless it has changed since.
    /// Look first and read the order afterwards: then a change that is committed and cached meanwhile stays.
    /// </summary>
    public async Task PutAsync(string orderId, byte[]? had, int version, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        if (had is null)
        {
            await SetAsync(orderId, version, json, cancel);
            return;
        }

        RedisKey[] keys = [WireNames.CacheKey(orderId)];
        RedisValue[] values = [had, Entry(version, json), TimeToLive()];
        await _redis.GetDatabase().ScriptEvaluateAsync(SetIfSame, keys, values).WaitAsync(cancel);
    }

    public Task RemoveAsync(string orderId, CancellationToken cancel) =>
        _redis.GetDatabase().KeyDeleteAsync(WireNames.CacheKey(orderId)).WaitAsync(cancel);

    /// <summary>The ids of all orders that are cached; goes over every key of the cache.</summary>
    public Task<List<string>> ListAsync(CancellationToken cancel) => Task.Run(
        () =>
        {
            var prefix = WireNames.CacheKey("");
            var ids = new List<string>();
            foreach (var server in _redis.GetEndPoints().Select(end => _redis.GetServer(end)).Where(server => server.IsConnected))
            {
                foreach (var key in server.Keys(pattern: prefix + "*", pageSize: ScanPageSize))
                {
                    cancel.ThrowIfCancellationRequested();
                    ids.Add(((string)key!)[prefix.Length..]);
                }
            }

            return ids;
        }, cancel);

    private static int Version(byte[] digits) =>
        digits.Length > VersionDigits
        && int.TryParse(
            Encoding.ASCII.GetString(digits, 0, VersionDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : 0;
}

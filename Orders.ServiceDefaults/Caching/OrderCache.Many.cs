using System.Globalization;
using System.Text;
using Orders.Contracts;
using StackExchange.Redis;

namespace Orders.ServiceDefaults.Caching;

/// <summary>For those who compare and repair: many orders at once, without the guard, an outage is an exception.</summary>
public sealed partial class OrderCache
{
    private const int ScanPageSize = 1000;

    /// <summary>The versions of those orders that are cached; 0 for an entry that cannot be read.</summary>
    public async Task<Dictionary<string, int>> VersionsAsync(IReadOnlyList<string> orderIds, CancellationToken cancel)
    {
        var redis = _redis.GetDatabase();
        var starts = await Task.WhenAll(orderIds.Select(id => redis.StringGetRangeAsync(WireNames.CacheKey(id), 0, VersionDigits - 1)))
            .WaitAsync(cancel);
        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < starts.Length; i++)
        {
            var start = (byte[]?)starts[i];
            if (start is { Length: > 0 }) versions[orderIds[i]] = Version(start);
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

    /// <summary>
    /// Makes the cache have this version, whatever it has; a change that is cached meanwhile is found to be newer and stays.
    /// </summary>
    public async Task PutAsync(string orderId, int version, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        var redis = _redis.GetDatabase();
        var has = (byte[]?)await redis.StringGetAsync(WireNames.CacheKey(orderId)).WaitAsync(cancel);
        if (has is null)
        {
            await SetAsync(orderId, version, json, cancel);
            return;
        }

        RedisKey[] keys = [WireNames.CacheKey(orderId)];
        RedisValue[] values = [has, Entry(version, json), TimeToLive()];
        await redis.ScriptEvaluateAsync(SetIfSame, keys, values).WaitAsync(cancel);
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
        int.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}

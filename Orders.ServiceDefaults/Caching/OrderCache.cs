using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace Orders.ServiceDefaults.Caching;

/// <summary>
/// Orders by id in Redis, as the very bytes that the API answers.
/// Invariant: an entry's version never goes back while the entry lives. Every write is "set if newer", decided inside Redis,
/// so a slow reader that fills an old version after a change loses against the writer, whatever the order of arrival.
/// The cache is never waited for long and never trusted with anything: it fails open (reads miss, writes are dropped and
/// counted) and the event stream mends what is cached.
/// Value: 16 decimal digits of version, then the UTF-8 JSON of the order. The digits alone are a tombstone: nothing is cached, and what
/// is older than that version must not be.
/// </summary>
public sealed partial class OrderCache
{
    private const int VersionDigits = 16;

    /// <summary>One digit more than the version tells an entry from a tombstone.</summary>
    private const string SetIfNewer = """
        local have = redis.call('GETRANGE', KEYS[1], 0, 16)
        local version = string.sub(have, 1, 16)
        if #have >= 16 and (version > ARGV[1] or (version == ARGV[1] and #have > 16)) then return 0 end
        redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'PX', ARGV[3])
        return 1
        """;

    private const string FollowStream = """
        local have = redis.call('GETRANGE', KEYS[1], 0, 16)
        local version = string.sub(have, 1, 16)
        if #have >= 16 and (version > ARGV[1] or (version == ARGV[1] and ARGV[5] ~= '1')) then return 0 end
        if #have == 0 or #have == 16 then
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[4])
        else
            redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'PX', ARGV[3])
        end
        return 1
        """;

    private const string SetIfSame = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """;

    private readonly IConnectionMultiplexer _redis;
    private readonly OrderCacheOptions _options;
    private readonly OrderCacheMetrics _metrics;
    private readonly ILogger<OrderCache> _logger;
    private readonly ResiliencePipeline _guard;
    private readonly ReadBatcher<CachedOrder?> _reads;

    public OrderCache(
        IConnectionMultiplexer redis, IOptions<OrderCacheOptions> options, OrderCacheMetrics metrics, ILogger<OrderCache> logger)
    {
        _redis = redis;
        _options = options.Value;
        _metrics = metrics;
        _logger = logger;
        _reads = new ReadBatcher<CachedOrder?>(ReadAsync, _options.BatchKeysMax);
        _guard = new ResiliencePipelineBuilder()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                SamplingDuration = TimeSpan.FromSeconds(5),
                MinimumThroughput = 20,
                BreakDuration = _options.BreakDuration,
            })
            .AddTimeout(_options.Timeout)
            .Build();
    }

    /// <summary>
    /// Connects, and has everything compiled that the first requests would have to wait for longer than they may: the client's code here
    /// and the scripts in Redis. Nothing stays behind.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancel)
    {
        RedisKey[] keys = ["warm-up"];
        const long Moment = 1;
        var redis = _redis.GetDatabase();
        await redis.StringGetAsync(keys[0]).WaitAsync(cancel);
        await redis.ScriptEvaluateAsync(SetIfNewer, keys, [Digits(1), "", Moment]).WaitAsync(cancel);
        await redis.ScriptEvaluateAsync(FollowStream, keys, [Digits(2), "", Moment, Moment, "0"]).WaitAsync(cancel);
        await redis.KeyDeleteAsync(keys[0]).WaitAsync(cancel);
    }

    /// <summary>
    /// The cached order, or null when it is not there or the cache does not answer in time. Concurrent reads share round trips; none
    /// is answered by one that began before it.
    /// </summary>
    public async ValueTask<CachedOrder?> GetAsync(string orderId, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // Not cancelled with the caller's request: others wait for the same answer. The timeout bounds it.
        var entry = await _reads.GetAsync(WireNames.CacheKey(orderId));
        _metrics.Read(entry is not null);
        return entry;
    }

    /// <summary>
    /// Stores the order unless the cache has the same or a newer version.
    /// False when it had, or when the cache does not answer: never an error, the caller's work is already done.
    /// </summary>
    public async ValueTask<bool> SetIfNewerAsync(string orderId, int version, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        try
        {
            return await _guard.ExecuteAsync(async token => await SetAsync(orderId, version, json, token), cancel);
        }
        catch (Exception error) when (IsOutage(error, cancel))
        {
            Fail("set", error);
            return false;
        }
    }

    /// <summary>
    /// For the event stream, which may be behind: brings an order that is cached to this version, and never caches one that is not, for
    /// there may be newer ones in the database by now. There it leaves a tombstone, so that a reader who was faster than the change and
    /// is slower than its event cannot fill in what he read. With <paramref name="again"/> the version that the cache has is written once
    /// more, because its bytes are in doubt. False: the cache had it already. An outage is an exception, for callers that retry.
    /// </summary>
    public async Task<bool> FollowAsync(
        string orderId, int version, ReadOnlyMemory<byte> json, bool again, CancellationToken cancel)
    {
        RedisKey[] keys = [WireNames.CacheKey(orderId)];
        RedisValue[] values =
        [
            Digits(version), json.ToArray(), TimeToLive(), (long)_options.TombstoneTimeToLive.TotalMilliseconds, again ? "1" : "0",
        ];
        var stored = (long)await _redis.GetDatabase().ScriptEvaluateAsync(FollowStream, keys, values).WaitAsync(cancel);
        _metrics.Write(stored == 1);
        return stored == 1;
    }

    /// <summary>
    /// Puts another version in the place of an entry that was found to be wrong, whatever its version says; not if the entry has
    /// changed since. False then, and when the cache does not answer.
    /// </summary>
    public async ValueTask<bool> ReplaceAsync(
        string orderId, CachedOrder wrong, int version, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        try
        {
            return await _guard.ExecuteAsync(async token =>
            {
                RedisKey[] keys = [WireNames.CacheKey(orderId)];
                RedisValue[] values = [Entry(wrong.Version, wrong.Json), Entry(version, json), TimeToLive()];
                return (long)await _redis.GetDatabase().ScriptEvaluateAsync(SetIfSame, keys, values).WaitAsync(token) == 1;
            }, cancel);
        }
        catch (Exception error) when (IsOutage(error, cancel))
        {
            Fail("replace", error);
            return false;
        }
    }

    private async Task<CachedOrder?[]> ReadAsync(string[] keys)
    {
        try
        {
            return await _guard.ExecuteAsync(async (wanted, token) =>
            {
                // A batch and not MGET, whose keys would have to be of one slot in a cluster.
                var batch = _redis.GetDatabase().CreateBatch();
                var values = Array.ConvertAll(wanted, key => batch.StringGetAsync(key));
                batch.Execute();
                return Array.ConvertAll(await Task.WhenAll(values).WaitAsync(token), value => Parse(value));
            }, keys, CancellationToken.None);
        }
        catch (Exception error) when (IsOutage(error, CancellationToken.None))
        {
            Fail("get", error);
            return new CachedOrder?[keys.Length];
        }
    }

    private static byte[] Entry(int version, ReadOnlyMemory<byte> json) =>
        [.. Encoding.ASCII.GetBytes(Digits(version)), .. json.Span];

    private static string Digits(int version) => version.ToString("D16", CultureInfo.InvariantCulture);

    private async Task<bool> SetAsync(string orderId, int version, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        RedisKey[] keys = [WireNames.CacheKey(orderId)];
        RedisValue[] values = [Digits(version), json.ToArray(), TimeToLive()];
        var stored = (long)await _redis.GetDatabase().ScriptEvaluateAsync(SetIfNewer, keys, values).WaitAsync(cancel);
        _metrics.Write(stored == 1);
        return stored == 1;
    }

    /// <summary>Spread by a tenth, so that orders cached together do not expire together.</summary>
    private long TimeToLive() => (long)(_options.TimeToLive.TotalMilliseconds * (0.9 + (0.2 * Random.Shared.NextDouble())));

    private static CachedOrder? Parse(byte[]? value) =>
        value is { Length: > VersionDigits }
        && int.TryParse(Encoding.ASCII.GetString(value, 0, VersionDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new CachedOrder(version, value.AsMemory(VersionDigits))
            : null;

    private static bool IsOutage(Exception error, CancellationToken cancel) =>
        !cancel.IsCancellationRequested
        && error is RedisException or TimeoutException or TimeoutRejectedException or BrokenCircuitException or OperationCanceledException;

    private void Fail(string operation, Exception error)
    {
        _metrics.Failed(operation);
        if (error is not BrokenCircuitException) LogFailed(operation, error.Message);
    }

    [LoggerMessage(LogLevel.Warning, "Cache {Operation} failed: {Reason}")]
    private partial void LogFailed(string operation, string reason);
}

/// <summary>A hit: the version and the response body as it was stored.</summary>
public readonly record struct CachedOrder(int Version, ReadOnlyMemory<byte> Json);

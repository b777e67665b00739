using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Orders.Api.Access;

/// <summary>
/// One token bucket per key, and one per remote address for requests without a valid key. A bucket that has been full for a
/// while is dropped, so memory follows who is active.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    private static readonly TimeSpan RefillPeriod = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<ActiveKey> _keys =
        PartitionedRateLimiter.Create<ActiveKey, Rate>(static key => key.Partition);

    private readonly PartitionedRateLimiter<IPAddress?> _addresses;

    public RateLimits(IOptions<AccessOptions> options)
    {
        var limits = options.Value;
        _addresses = PartitionedRateLimiter.Create<IPAddress?, int>(address => RateLimitPartition.GetTokenBucketLimiter(
            Slot(address, limits.AnonymousAddressesMax),
            _ => Bucket(limits.AnonymousRequestsPerSecond, limits.AnonymousBurst)));
    }

    public static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = RefillPeriod,
        QueueLimit = 0,
    };

    /// <summary>Takes one request from the key's bucket.</summary>
    /// <param name="key">Whose bucket.</param>
    /// <param name="remaining">Requests left in it.</param>
    /// <param name="retryAfter">When it was empty: seconds until it is not.</param>
    public bool TryTake(ActiveKey key, out long remaining, out string retryAfter)
    {
        var taken = Take(_keys, key, out retryAfter);
        remaining = _keys.GetStatistics(key)?.CurrentAvailablePermits ?? 0;
        return taken;
    }

    /// <summary>Takes one request from the bucket of an address that has not shown a valid key.</summary>
    public bool TryTake(IPAddress? address, out string retryAfter) => Take(_addresses, address, out retryAfter);

    public void Dispose()
    {
        _keys.Dispose();
        _addresses.Dispose();
    }

    /// <summary>
    /// The bucket of an address: a number below <paramref name="slots"/>. Of IPv6 the network counts, because one machine has as
    /// many addresses of it as it likes.
    /// </summary>
    internal static int Slot(IPAddress? address, int slots)
    {
        if (address is null) return 0;
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out var length);
        var hash = default(HashCode);
        hash.AddBytes(bytes[..Math.Min(length, 8)]);
        return (int)((uint)hash.ToHashCode() % (uint)slots);
    }

    private static bool Take<T>(PartitionedRateLimiter<T> limiter, T whose, out string retryAfter)
    {
        using var lease = limiter.AttemptAcquire(whose);
        retryAfter = "";
        if (lease.IsAcquired) return true;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : RefillPeriod;
        retryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return false;
    }
}

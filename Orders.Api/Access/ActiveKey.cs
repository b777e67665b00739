using System.Globalization;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Primitives;

namespace Orders.Api.Access;

/// <summary>
/// A key as requests need it: immutable, and with everything that can be worked out once worked out, because it is shared by all
/// requests that come with it.
/// </summary>
internal sealed class ActiveKey
{
    private readonly byte[] _hash;
    private readonly byte[]? _previousHash;
    private readonly DateTimeOffset? _previousUntil;
    private readonly DateTimeOffset? _expiresAt;
    private int _used;

    public ActiveKey(AccessKey row, AccessOptions options)
    {
        _hash = row.SecretHash;
        _previousHash = row.PreviousHash;
        _previousUntil = row.PreviousUntil;
        _expiresAt = row.ExpiresAt;
        Caller = new Caller(row.Id, row.CustomerId);
        Grants = Scopes.ToGrants(row.Scopes);
        Rate = new Rate(row.Id, row.RequestsPerSecond ?? options.RequestsPerSecond, row.Burst ?? options.Burst);
        Partition = RateLimitPartition.GetTokenBucketLimiter(Rate, static rate => rate.ToBucket());
        LimitText = Rate.Burst.ToString(CultureInfo.InvariantCulture);
    }

    public Caller Caller { get; }

    public Grants Grants { get; }

    public Rate Rate { get; }

    public RateLimitPartition<Rate> Partition { get; }

    /// <summary>The value of <c>RateLimit-Limit</c>.</summary>
    public StringValues LimitText { get; }

    /// <summary>Whether the secret is this key's and the key has not expired, compared in constant time.</summary>
    public bool Accepts(ReadOnlySpan<char> secret, TimeProvider time)
    {
        Span<byte> hash = stackalloc byte[KeyToken.HashBytes];
        KeyToken.Hash(secret, hash);
        var fits = CryptographicOperations.FixedTimeEquals(hash, _hash);
        if (_previousHash is not null)
            fits |= CryptographicOperations.FixedTimeEquals(hash, _previousHash) & time.GetUtcNow() < _previousUntil;
        return fits && (_expiresAt is null || time.GetUtcNow() < _expiresAt);
    }

    /// <summary>Notes a use; written to the table now and then.</summary>
    public void Use()
    {
        if (_used == 0) _used = 1;
    }

    /// <summary>Whether it was used since this was last asked.</summary>
    public bool TakeUse() => Interlocked.Exchange(ref _used, 0) == 1;
}

/// <summary>What a key may do per second and at once. Another limit is another bucket, so a changed limit holds at once.</summary>
internal readonly record struct Rate(string KeyId, int PerSecond, int Burst)
{
    public TokenBucketRateLimiterOptions ToBucket() => RateLimits.Bucket(PerSecond, Burst);

    /// <summary>Whole seconds until a bucket with <paramref name="remaining"/> requests left is full again.</summary>
    public int SecondsToFull(long remaining) => (int)((Burst - remaining + PerSecond - 1) / PerSecond);
}

/// <summary>That a request was let in, and how many more its key may make now. One per request, as a feature.</summary>
internal sealed record Admission(ActiveKey Key, long Remaining);

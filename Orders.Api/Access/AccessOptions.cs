using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Access;

/// <summary>Configuration section <c>Orders:Access</c>. All limits are per process: N replicas let N times as much through.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Orders:Access";

    public const int RateMax = 1_000_000;

    /// <summary>
    /// Keys that exist because they are configured here. Written at every start; one that is no longer here is deleted.
    /// They cannot be changed over HTTP. Default none.
    /// </summary>
    public List<ConfiguredKey> Keys { get; set; } = [];

    /// <summary>Requests per second of a key that has no limit of its own, 1 to 1,000,000. Default 1000.</summary>
    [Range(1, RateMax)]
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>Requests that such a key may make at once after a pause, 1 to 1,000,000. Default 2000.</summary>
    [Range(1, RateMax)]
    public int Burst { get; set; } = 2000;

    /// <summary>Requests per second without a valid key, by remote address, 1 to 1,000,000. Default 50. Health probes are free.</summary>
    [Range(1, RateMax)]
    public int AnonymousRequestsPerSecond { get; set; } = 50;

    /// <summary>Requests without a valid key at once, by remote address, 1 to 1,000,000. Default 100.</summary>
    [Range(1, RateMax)]
    public int AnonymousBurst { get; set; } = 100;

    /// <summary>
    /// Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, as addresses or networks such as 10.0.0.0/8. From
    /// anybody else the headers mean nothing. Default none: the remote address is the one that the connection comes from.
    /// </summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>
    /// How many remote addresses are told apart, 1 to 65,536; beyond that some share a limit, so that memory stays bounded
    /// whoever calls. Default 4096.
    /// </summary>
    [Range(1, 65_536)]
    public int AnonymousAddressesMax { get; set; } = 4096;

    /// <summary>
    /// How long a looked-up key is believed without asking the database again: a revocation takes effect within this time on
    /// the other replicas, and at once on the one that did it. Default 10 s, 0 to 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan KeyCacheTimeToLive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How much longer it is believed while the database does not answer, so that orders can be read from the cache through an
    /// outage. Default 15 minutes, 0 to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan KeyCacheOutageMax { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Keys kept in memory, and as many ids that are known to be nobody's, 1 to 1,000,000. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int KeyCacheEntriesMax { get; set; } = 10_000;

    /// <summary>How long looking a key up may take. Default 2 s, 100 ms to 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan KeyLookupTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often <c>last_used_at</c> is written. Default 30 s, 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LastUsedInterval { get; set; } = TimeSpan.FromSeconds(30);

    public CorsOptions Cors { get; set; } = new();

    /// <summary>Section <c>Orders:Access:Cors</c>.</summary>
    internal sealed class CorsOptions
    {
        /// <summary>
        /// Pages that may call the API from a browser, as exact origins such as <c>https://shop.example</c>. Default none: no
        /// CORS header is ever sent.
        /// </summary>
        public List<string> Origins { get; set; } = [];
    }
}

/// <summary>One entry of <c>Orders:Access:Keys</c>.</summary>
internal sealed class ConfiguredKey
{
    /// <summary>The whole key, <c>ordk_{id}_{secret}</c>. Required; a secret.</summary>
    public string Token { get; set; } = "";

    /// <summary>What it is for. Default: its id.</summary>
    public string? Name { get; set; }

    /// <summary>What it may do: at least one of <see cref="Scopes.All"/>.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>The customer that it is bound to. Default none.</summary>
    public string? CustomerId { get; set; }

    /// <summary>Requests per second, 1 to 1,000,000. Default: as every key.</summary>
    [Range(1, AccessOptions.RateMax)]
    public int? RequestsPerSecond { get; set; }

    /// <summary>Requests at once after a pause, 1 to 1,000,000. Default: as every key.</summary>
    [Range(1, AccessOptions.RateMax)]
    public int? Burst { get; set; }
}

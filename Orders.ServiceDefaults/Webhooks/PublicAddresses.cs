using System.Net;
using System.Net.Sockets;

namespace Orders.ServiceDefaults.Webhooks;

/// <summary>The addresses that everybody on the internet means alike (IANA's special-purpose registries leave the rest).</summary>
public static class PublicAddresses
{
    /// <summary>Own network, private, shared, loopback, link-local, protocol, documentation, benchmark, multicast, reserved.</summary>
    private static readonly IPNetwork[] NotPublicV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>All that is public today. Loopback, unique local, link-local, multicast and translated addresses are outside.</summary>
    private static readonly IPNetwork GlobalUnicastV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Within it: protocol assignments with Teredo, documentation, and 6to4, which leads to whatever address it wraps.</summary>
    private static readonly IPNetwork[] NotPublicV6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !NotPublicV4.Any(network => network.Contains(address)),
            AddressFamily.InterNetworkV6 =>
                GlobalUnicastV6.Contains(address) && !NotPublicV6.Any(network => network.Contains(address)),
            _ => false,
        };
    }
}

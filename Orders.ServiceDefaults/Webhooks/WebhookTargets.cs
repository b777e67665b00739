using System.Net;

namespace Orders.ServiceDefaults.Webhooks;

/// <summary>
/// Which addresses webhooks may be sent to. Section <c>Orders:Webhooks:Targets</c>, the same in every process: the api looks when
/// a subscription is made, and the indexer at every connection, because a name may lead elsewhere by then.
/// </summary>
public sealed class WebhookTargets
{
    public const string Section = "Orders:Webhooks:Targets";

    /// <summary>Whether plain http is allowed besides https. Default no.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// Whether addresses that only this machine or this network reaches are allowed. Default no: whoever may subscribe could make
    /// Orders knock at servers that are meant to be out of reach.
    /// </summary>
    public bool AllowPrivateNetworks { get; set; }

    public bool Allows(IPAddress address) => AllowPrivateNetworks || PublicAddresses.Contains(address);

    /// <summary>Why <paramref name="url"/> cannot be a target, as far as its text tells; null when it can.</summary>
    public string? Refuse(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttps && !(AllowHttp && url.Scheme == Uri.UriSchemeHttp))
            return AllowHttp ? "must be an https or http address" : "must be an https address";
        if (url.UserInfo.Length > 0) return "must not hold a user name or password";
        if (url.Fragment.Length > 0) return "must not have a fragment";
        if (url.IdnHost.Length == 0) return "must name a host";
        var refused = IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address)
            ? !Allows(address)
            : !AllowPrivateNetworks && IsLocalName(url.IdnHost.TrimEnd('.'));
        return refused ? "must lead to a public address" : null;
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase);
}

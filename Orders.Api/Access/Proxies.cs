using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Orders.Api.Access;

/// <summary>
/// Who may say for whom a request is made. <c>X-Forwarded-For</c> is a claim of the sender: it counts only from the proxies that the
/// options name, whatever the host's environment (<c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>) says; else limits by address could be evaded
/// by inventing one.
/// </summary>
internal static class Proxies
{
    /// <summary>The host's own switch; where it is on, the host has the middleware already.</summary>
    private const string HostSwitch = "ForwardedHeaders_Enabled";

    public static void AddProxies(this WebApplicationBuilder builder) =>
        builder.Services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<AccessOptions>>((forwarded, access) =>
        {
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var proxy in access.Value.TrustedProxies) forwarded.KnownIPNetworks.Add(Parse(proxy)!.Value);
            forwarded.ForwardedHeaders = access.Value.TrustedProxies.Count == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // A chain of trusted proxies is followed to the first address that is none.
            forwarded.ForwardLimit = null;
        });

    public static void UseProxies(this WebApplication app)
    {
        if (!app.Configuration.GetValue<bool>(HostSwitch)) app.UseForwardedHeaders();
    }

    /// <summary>An address or a network such as 10.0.0.0/8; null when it is neither.</summary>
    public static IPNetwork? Parse(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        return IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)
            : null;
    }
}

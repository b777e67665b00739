using System.Net;
using System.Net.Sockets;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Indexer.Webhooks;

/// <summary>
/// Makes the connections to receivers. The address is looked at after the name was resolved and is the very one that is
/// connected to: a name that led elsewhere when the subscription was made gains nothing.
/// </summary>
internal static class TargetConnections
{
    /// <summary>
    /// No redirects (they could lead anywhere, and a receiver's address is its owner's to correct), no proxy (it would resolve
    /// names on its own), no cookies. Trace headers are the sender's business, and so are spans: these would show whole addresses.
    /// </summary>
    public static SocketsHttpHandler Handler(WebhookTargets targets, TimeSpan timeout) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = timeout,
        // Names are resolved anew now and then.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        MaxResponseHeadersLength = 16,
        // The rest of a body that is longer than what is kept: read to its end if short, else the connection is closed.
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(500),
        ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, targets, cancel),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, WebhookTargets targets, CancellationToken cancel)
    {
        var allowed = Array.FindAll(await Dns.GetHostAddressesAsync(target.Host, cancel), targets.Allows);
        if (allowed.Length == 0) throw new TargetNotAllowedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The receiver's name leads to no address that webhooks may be sent to.</summary>
internal sealed class TargetNotAllowedException() : IOException("the address is not allowed");

using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Orders.Benchmarks;

/// <summary>What a run of load saw.</summary>
/// <param name="PerSecond">Replies per second.</param>
/// <param name="P50">Median latency of one request.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Failed">Replies that were not 2xx.</param>
internal sealed record LoadResult(double PerSecond, TimeSpan P50, TimeSpan P99, long Failed)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{PerSecond,7:F0}/s p50 {P50.TotalMilliseconds,5:F2} ms p99 {P99.TotalMilliseconds,6:F2} ms");
}

/// <summary>
/// Closed-loop HTTP/1.1 load over plain sockets, one request at a time on each connection. It does as little as it can: client and
/// server share the machine, and what the client costs blurs every ratio.
/// </summary>
internal static class HttpLoad
{
    /// <param name="server">Where to.</param>
    /// <param name="clients">Connections.</param>
    /// <param name="duration">How long.</param>
    /// <param name="request">The next request's bytes, by client and count.</param>
    public static async Task<LoadResult> RunAsync(Uri server, int clients, TimeSpan duration, Func<int, long, byte[]> request)
    {
        using var stop = new CancellationTokenSource();
        var started = TimeProvider.System.GetTimestamp();
        var all = Enumerable.Range(0, clients).Select(client => Task.Run(() => ClientAsync(server, client, request, stop.Token))).ToArray();
        await Task.Delay(duration);
        await stop.CancelAsync();
        var results = await Task.WhenAll(all);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var latencies = results.SelectMany(result => result.Latencies).Order().ToArray();
        return new LoadResult(
            latencies.Length / elapsed.TotalSeconds, At(latencies, 0.50), At(latencies, 0.99), results.Sum(result => result.Failed));
    }

    public static byte[] Get(Uri server, string path, string? token) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{Bearer(token)}\r\n");

    public static byte[] Post(Uri server, string path, string? token, string json)
    {
        var length = Encoding.UTF8.GetByteCount(json);
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{Bearer(token)}Content-Type: application/json\r\n")
            + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n\r\n{json}"));
    }

    private static string Bearer(string? token) => token is null ? "" : $"Authorization: Bearer {token}\r\n";

    private static TimeSpan At(long[] ticks, double share) =>
        ticks.Length == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(ticks[Math.Min(ticks.Length - 1, (int)(ticks.Length * share))]);

    private static async Task<(List<long> Latencies, long Failed)> ClientAsync(
        Uri server, int client, Func<int, long, byte[]> request, CancellationToken stop)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, CancellationToken.None);
        var buffer = new byte[256 * 1024];
        var latencies = new List<long>(100_000);
        var failed = 0L;
        for (var count = 0L; !stop.IsCancellationRequested; count++)
        {
            var sent = TimeProvider.System.GetTimestamp();
            await socket.SendAsync(request(client, count), SocketFlags.None);
            if (!await ReplyAsync(socket, buffer)) failed++;
            latencies.Add(TimeProvider.System.GetElapsedTime(sent).Ticks);
        }

        return (latencies, failed);
    }

    /// <summary>Reads one reply to its end and answers whether it was a success.</summary>
    private static async Task<bool> ReplyAsync(Socket socket, byte[] buffer)
    {
        var have = 0;
        var end = -1;
        while (end < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(have), SocketFlags.None);
            if (read == 0) throw new IOException("the server closed the connection");
            have += read;
            end = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
        }

        var total = end + 4 + Length(buffer.AsSpan(0, end));
        while (have < total) have += await socket.ReceiveAsync(buffer.AsMemory(have), SocketFlags.None);
        return buffer[9] == '2';
    }

    private static int Length(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0) throw new NotSupportedException("a reply without Content-Length: " + Encoding.ASCII.GetString(head));
        var digits = head[(at + 16)..];
        var line = digits.IndexOf("\r\n"u8);
        return int.Parse(line < 0 ? digits : digits[..line], CultureInfo.InvariantCulture);
    }
}

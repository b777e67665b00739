using System.Text;

namespace Orders.Native.Servers.Probing;

internal static class ZooKeeperProbe
{
    public static async Task<string?> AskAsync(int port, CancellationToken cancellationToken)
    {
        await using var stream = await LocalSocket.ConnectAsync(port, cancellationToken);
        await stream.WriteAsync("ruok"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(cancellationToken);
        return answer == "imok" ? null : $"zookeeper: ruok answered '{answer}'";
    }
}

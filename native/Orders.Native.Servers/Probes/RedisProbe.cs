using System.Text;

namespace Orders.Native.Servers.Probing;

internal static class RedisProbe
{
    public static async Task<string?> AskAsync(int port, string? password, CancellationToken cancellationToken)
    {
        await using var stream = await LocalSocket.ConnectAsync(port, cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        if (!string.IsNullOrEmpty(password))
        {
            var login = await CallAsync(stream, reader, ["AUTH", password], cancellationToken);
            if (login != "+OK")
            {
                return $"redis: AUTH answered {login}";
            }
        }

        var answer = await CallAsync(stream, reader, ["PING"], cancellationToken);
        return answer == "+PONG" ? null : $"redis: PING answered {answer}";
    }

    private static async Task<string?> CallAsync(
        Stream stream, StreamReader reader, string[] words, CancellationToken cancellationToken)
    {
        var request = new StringBuilder().Append('*').Append(words.Length).Append("\r\n");
        foreach (var word in words)
        {
            request.Append('$').Append(Encoding.UTF8.GetByteCount(word)).Append("\r\n").Append(word).Append("\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellationToken);
        return await reader.ReadLineAsync(cancellationToken);
    }
}

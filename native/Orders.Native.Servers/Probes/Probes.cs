using System.Net.Sockets;
using Npgsql;
using Orders.Native.Servers.Probing;

namespace Orders.Native.Servers;

/// <summary>
/// Asks a server of this machine whether it does its work. Each call returns null when it does, otherwise the reason in one line;
/// it takes at most <see cref="Timeout"/> and throws only when it is cancelled.
/// </summary>
public static class Probes
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    /// <summary>Connects with an Npgsql connection string and runs <c>select 1</c>.</summary>
    public static Task<string?> PostgresAsync(string connectionString, CancellationToken cancellationToken) =>
        AskAsync("postgres", token => PostgresReadyAsync(connectionString, token), cancellationToken);

    /// <summary>AUTH (when there is a password) and PING on 127.0.0.1.</summary>
    public static Task<string?> RedisAsync(int port, string? password, CancellationToken cancellationToken) =>
        AskAsync("redis", token => RedisProbe.AskAsync(port, password, token), cancellationToken);

    /// <summary>A metadata request to 127.0.0.1; healthy when the broker lists itself, which it does once its controller works.</summary>
    public static Task<string?> KafkaAsync(int port, CancellationToken cancellationToken) =>
        AskAsync("kafka", token => KafkaProbe.AskAsync(port, token), cancellationToken);

    /// <summary>The four-letter command <c>ruok</c> to 127.0.0.1.</summary>
    public static Task<string?> ZooKeeperAsync(int port, CancellationToken cancellationToken) =>
        AskAsync("zookeeper", token => ZooKeeperProbe.AskAsync(port, token), cancellationToken);

    /// <summary>A GET; healthy when it answers 2xx.</summary>
    public static Task<string?> HttpAsync(Uri uri, CancellationToken cancellationToken) =>
        AskAsync("http", token => HttpReadyAsync(uri, token), cancellationToken);

    private static async Task<string?> PostgresReadyAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select 1", connection);
        await command.ExecuteScalarAsync(cancellationToken);
        return null;
    }

    private static async Task<string?> HttpReadyAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode ? null : $"{uri} answered {(int)response.StatusCode}";
    }

    private static async Task<string?> AskAsync(
        string name, Func<CancellationToken, Task<string?>> ask, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Timeout);
        try
        {
            return await ask(limited.Token);
        }
        catch (Exception error) when (error
            is IOException or SocketException or NpgsqlException or HttpRequestException or TimeoutException)
        {
            return $"{name}: {error.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{name}: no answer within {Timeout.TotalSeconds} s";
        }
    }
}

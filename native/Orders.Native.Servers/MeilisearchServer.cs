using Orders.Native.Servers.Setup;

namespace Orders.Native.Servers;

/// <summary>Meilisearch 1.21.0: 127.0.0.1 only, master key, no analytics.</summary>
public static class MeilisearchServer
{
    /// <summary>Returns the command line.</summary>
    /// <param name="tools">The unpacked programs.</param>
    /// <param name="dataDirectory">Full path; created when missing. Data of an earlier start is kept, also after kill -9.</param>
    /// <param name="port">A free port.</param>
    /// <param name="masterKey">At least 16 bytes.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    public static Task<ServerProcess> PrepareAsync(
        NativeToolset tools, string dataDirectory, int port, string masterKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Directory.CreateDirectory(dataDirectory, FileModes.OwnerOnly);
        // Indexing sorts through temporary files; /tmp may be small or memory.
        var temporary = Path.Combine(dataDirectory, "tmp");
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        Directory.CreateDirectory(temporary);
        string[] arguments =
        [
            "--http-addr", FormattableString.Invariant($"127.0.0.1:{port}"),
            "--db-path", Path.Combine(dataDirectory, "data.ms"),
            "--dump-dir", Path.Combine(dataDirectory, "dumps"),
            "--snapshot-dir", Path.Combine(dataDirectory, "snapshots"),
            "--no-analytics",
            "--max-indexing-threads", "2",
            "--max-indexing-memory", "512MiB",
        ];
        // Its INFO level writes a line for every request.
        var environment = new Dictionary<string, string>
        {
            ["MEILI_MASTER_KEY"] = masterKey,
            ["MEILI_LOG_LEVEL"] = "WARN",
            ["TMPDIR"] = temporary,
        };
        return Task.FromResult(new ServerProcess("meilisearch", tools.MeilisearchPath, arguments, environment, dataDirectory));
    }
}

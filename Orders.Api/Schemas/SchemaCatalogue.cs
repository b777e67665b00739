using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Orders.Api.Schemas;

/// <summary>
/// The JSON Schemas of everything that crosses a boundary as a message. They are files of the repository (<c>schemas/</c>) and part of
/// this assembly, so what is served is what was tested.
/// </summary>
internal static class SchemaCatalogue
{
    private const string Prefix = "schemas/";

    private static readonly Lazy<FrozenDictionary<(string Name, int Version), SchemaFile>> Files = new(() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(Read)
            .ToFrozenDictionary(file => (file.Entry.Name, file.Entry.Version)));

    /// <summary>All of them, by name and version.</summary>
    public static IReadOnlyList<SchemaEntry> All { get; } =
        [.. Files.Value.Values.Select(file => file.Entry)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal).ThenBy(entry => entry.Version)];

    /// <summary>The file's bytes, or null.</summary>
    public static byte[]? Find(string name, string version) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        && version[0] != '0' && Files.Value.TryGetValue((name, number), out var file)
            ? file.Bytes
            : null;

    private static SchemaFile Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        var parts = resource.Replace('\\', '/')[Prefix.Length..].Split('/');
        var version = int.Parse(Path.GetFileNameWithoutExtension(parts[1]), CultureInfo.InvariantCulture);
        var schema = JsonSerializer.Deserialize<JsonElement>(buffer.ToArray());
        return new SchemaFile(
            new SchemaEntry(
                parts[0], version, schema.GetProperty("$comment").GetString()!, schema.GetProperty("description").GetString()!,
                string.Create(CultureInfo.InvariantCulture, $"/v1/schemas/{parts[0]}/{version}")),
            buffer.ToArray());
    }

    private sealed record SchemaFile(SchemaEntry Entry, byte[] Bytes);
}

/// <param name="Name">The message's name: an event's or a command's type, or what is in it.</param>
/// <param name="Version">1, 2, ... A version never changes but by what is optional; what would break is a new version.</param>
/// <param name="Kind"><c>event</c>, <c>command</c>, <c>data</c> (what is in an event) or <c>record</c> (what is on a topic without an
/// envelope).</param>
/// <param name="Description">What it says.</param>
/// <param name="Address">Where the schema is; an event's <c>dataschema</c> is such an address.</param>
internal sealed record SchemaEntry(string Name, int Version, string Kind, string Description, string Address);

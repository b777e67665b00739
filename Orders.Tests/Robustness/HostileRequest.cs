using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Orders.Tests.Docs;

namespace Orders.Tests.Robustness;

/// <summary>
/// A request on its way to be broken: it begins as a valid one for its operation, made of the document's examples, and every
/// mutation changes a part of it. Its head goes out byte by byte as Latin-1, so that a mutation can put any byte there.
/// </summary>
internal sealed class HostileRequest
{
    public required ApiOperation Operation { get; init; }

    public required string Method { get; set; }

    /// <summary>Escaped, as it goes out.</summary>
    public required string Path { get; set; }

    /// <summary>Escaped names and values, in order.</summary>
    public List<(string Name, string Value)> Query { get; } = [];

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>The JSON body while it is still a tree; <see cref="Body"/> wins.</summary>
    public JsonNode? Json { get; set; }

    public byte[]? Body { get; set; }

    /// <summary>Announced bytes of the body; null: what it has.</summary>
    public string? ContentLength { get; set; }

    /// <summary>What was done to it, for the report.</summary>
    public List<string> Mutations { get; } = [];

    /// <summary>HTTP itself is broken: the server may answer with a bare status, or only close the connection.</summary>
    public bool BreaksProtocol { get; set; }

    /// <summary>The path is another one: it may lead nowhere, or to another operation.</summary>
    public bool IsElsewhere { get; set; }

    public bool IsTruncated { get; set; }

    public byte[]? Content => Body ?? (Json is null ? null : Encoding.UTF8.GetBytes(Json.ToJsonString(Garbage.JsonText)));

    /// <summary>Path and query.</summary>
    public string Target => Query.Count == 0 ? Path : $"{Path}?{string.Join('&', Query.Select(pair => $"{pair.Name}={pair.Value}"))}";

    public byte[] ToBytes(string host)
    {
        var content = Content;
        var head = new StringBuilder();
        head.Append(Method).Append(' ').Append(Target);
        head.Append(" HTTP/1.1\r\nHost: ").Append(host).Append("\r\n");
        foreach (var (name, value) in Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        var hasLength = content is not null || Method is "POST" or "PUT" or "PATCH";
        var length = ContentLength ?? (hasLength ? (content?.Length ?? 0).ToString(CultureInfo.InvariantCulture) : null);
        if (length is not null) head.Append("Content-Length: ").Append(length).Append("\r\n");
        head.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. content ?? []];
    }

    public string? Header(string name) =>
        Headers.FindLast(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public void Set(string name, string? value)
    {
        Headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (value is not null) Headers.Add((name, value));
    }

    public override string ToString()
    {
        var text = Encoding.Latin1.GetString(ToBytes("api"));
        var shown = new StringBuilder();
        foreach (var letter in text[..Math.Min(text.Length, 1500)])
        {
            if (letter is '\n' or (>= ' ' and <= '~')) shown.Append(letter);
            else if (letter != '\r') shown.Append(CultureInfo.InvariantCulture, $"<{(int)letter:x2}>");
        }

        return $"{string.Join(" + ", Mutations)}\n{shown}";
    }
}

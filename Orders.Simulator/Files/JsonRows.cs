using System.Text;
using System.Text.Json;

namespace Orders.Simulator.Files;

/// <summary>Objects from a JSON array or from NDJSON, each with the line on which it begins.</summary>
internal static class JsonRows
{
    public static IEnumerable<RawRow> ReadLines(byte[] file, IReadOnlyList<string> columns)
    {
        using var reader = new StreamReader(new MemoryStream(file), Encoding.UTF8);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line)) yield return Line(number, line, columns);
        }
    }

    /// <summary>What comes after a place that is no JSON cannot be understood: reading ends there, and says so.</summary>
    public static IReadOnlyList<RawRow> ReadArray(byte[] file, IReadOnlyList<string> columns)
    {
        var rows = new List<RawRow>();
        ReadOnlySpan<byte> json = file;
        if (json.StartsWith(Encoding.UTF8.Preamble)) json = json[Encoding.UTF8.Preamble.Length..];
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                return [RawRow.Bad(1, null, "is no array of objects; files with one object per line are called .ndjson")];
            var (line, counted) = (1, 0);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                line += json[counted..(int)reader.TokenStartIndex].Count((byte)'\n');
                counted = (int)reader.TokenStartIndex;
                rows.Add(Row(line, JsonElement.ParseValue(ref reader), columns));
            }

            // Whatever stands behind the array is an error of its own.
            while (reader.Read())
            {
            }
        }
        catch (JsonException error)
        {
            rows.Add(RawRow.Bad((int)(error.LineNumber ?? 0) + 1, null, "is no JSON from here on: " + Reason(error)));
        }

        return rows;
    }

    private static RawRow Line(int number, string line, IReadOnlyList<string> columns)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Row(number, document.RootElement.Clone(), columns);
        }
        catch (JsonException error)
        {
            return RawRow.Bad(number, null, "is no JSON: " + Reason(error));
        }
    }

    private static RawRow Row(int line, JsonElement json, IReadOnlyList<string> columns)
    {
        if (json.ValueKind != JsonValueKind.Object) return RawRow.Bad(line, null, "is no object");
        var cells = new Dictionary<string, Cell>(columns.Count, StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            var name = NameOf(member);
            if (!columns.Contains(name)) return RawRow.Bad(line, name, "is no column of this table" + Nearest.Hint(name, columns));
            if (!cells.TryAdd(name, Cell.Of(member.Value))) return RawRow.Bad(line, name, "stands more than once");
        }

        return new RawRow(line, cells);
    }

    /// <summary>An escape such as \ud800 is JSON, but no text.</summary>
    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "(half of a surrogate pair)";
        }
    }

    /// <summary>Without the position, which is said in our own way.</summary>
    private static string Reason(JsonException error) => error.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
}

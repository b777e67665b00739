using System.Globalization;
using System.Text.Json;

namespace Orders.Api.Inbound.Legacy;

/// <summary>
/// A change of a row as Debezium writes it: <c>before</c>, <c>after</c>, <c>op</c>, <c>source</c>, <c>ts_ms</c>; bare, or as the
/// <c>payload</c> beside its <c>schema</c>.
/// </summary>
/// <param name="Table">The table's own name.</param>
/// <param name="Source">
/// <c>{connector's name}.{schema or database}.{table}</c>: what Debezium calls the table's topic. Row ids are unique within it.
/// </param>
/// <param name="Operation"><c>c</c>, <c>r</c>, <c>u</c> or <c>d</c>.</param>
/// <param name="Position">Where the change stands in the database's log; greater as text means later.</param>
/// <param name="Before">The row before, where the database says so.</param>
/// <param name="After">The row after; undefined for a delete.</param>
/// <param name="Schema">The schema of the payload; undefined when it came without.</param>
internal sealed record LegacyChange(
    string Table, string Source, string Operation, string Position, JsonElement Before, JsonElement After, JsonElement Schema)
{
    public const string Delete = "d";

    private const int SourceLengthMax = 90;

    /// <summary>When the change was made there, by the legacy database's clock; null when it does not say.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>
    /// The log stands before what was followed although the change is younger: the database was restored, or replaced by another one, and
    /// counts again from a lower position. A change that merely comes late is older, too.
    /// </summary>
    public bool WentBack(string followed, DateTimeOffset? followedAt) =>
        string.CompareOrdinal(Position, followed) < 0 && ChangedAt > followedAt;

    private const int ScnDigitsMax = 40;

    /// <summary>The end of the year 9999.</summary>
    private const long MillisecondsMax = 253_402_300_800_000;

    private static readonly string[] Operations = ["c", "r", "u", Delete];

    /// <summary>The row that the change is about.</summary>
    public JsonElement Row => Operation == Delete ? Before : After;

    public static bool IsOne(JsonElement root, out JsonElement payload)
    {
        payload = root.TryGetProperty("payload", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : root;
        return payload.TryGetProperty("op", out _) && payload.TryGetProperty("source", out _);
    }

    public static InboundAsk Read(JsonElement root, JsonElement payload)
    {
        var operation = Text(payload, "op");
        if (!Operations.Contains(operation))
            return new InboundRefusal(InboundRefusal.UnsupportedChange, $"op '{operation}' is none of {string.Join(", ", Operations)}");
        var source = payload.GetProperty("source");
        if (source.ValueKind != JsonValueKind.Object || Text(source, "table") is not { Length: > 0 } table
            || Text(source, "name") is not { Length: > 0 } name)
            return new InboundRefusal(InboundRefusal.MalformedData, "source: name and table are required");
        var space = Text(source, "schema") ?? Text(source, "db");
        var path = space is null ? $"{name}.{table}" : $"{name}.{space}.{table}";
        if (path.Length > SourceLengthMax || path.Any(char.IsControl))
        {
            return new InboundRefusal(
                InboundRefusal.MalformedData, $"source: its names together have at most {SourceLengthMax} characters");
        }

        // Beside numbered changes, one by its time would stand behind all that follow.
        if (Member(source, "lsn").ValueKind != JsonValueKind.Undefined && Whole(source, "lsn") is null)
            return new InboundRefusal(InboundRefusal.MalformedData, "source: lsn is no number, so its place in the log is not known");
        if (PositionOf(source, payload) is not { } position)
            return new InboundRefusal(InboundRefusal.MalformedData, "source: no position in the log (lsn, file and pos, ..., or ts_ms)");

        var change = new LegacyChange(table, path, operation!, position, Member(payload, "before"), Member(payload, "after"),
            Member(root, "schema")) { ChangedAt = Instant(Whole(source, "ts_ms")) };
        return change.Row.ValueKind == JsonValueKind.Object
            ? new InboundAsk(null, change, null)
            : new InboundRefusal(InboundRefusal.MalformedData, operation == Delete ? "before: is required" : "after: is required");
    }

    /// <summary>
    /// PostgreSQL: lsn. MySQL: file, pos, row. SQL Server: commit_lsn, change_lsn. Oracle: scn, rs_id, ssn. Others: the time of the change.
    /// </summary>
    private static string? PositionOf(JsonElement source, JsonElement payload)
    {
        if (Whole(source, "lsn") is { } lsn) return Digits(lsn);
        if (Text(source, "file") is { Length: > 0 } file && Whole(source, "pos") is { } pos)
        {
            var number = file[(file.LastIndexOf('.') + 1)..].PadLeft(20, '0');
            return $"{number}/{Digits(pos)}/{Digits(Whole(source, "row") ?? 0)}";
        }

        if (Text(source, "commit_lsn") is { Length: > 0 } commit) return $"{commit}/{Text(source, "change_lsn")}";
        if (ScnOf(source) is { } scn) return scn;
        return (Whole(source, "ts_ns") ?? Whole(source, "ts_ms") * 1_000_000 ?? Whole(payload, "ts_ms") * 1_000_000) is { } time
            ? Digits(time)
            : null;
    }

    /// <summary>Greater than any time: changes of a row within a second have the same one, and used to be told apart by it.</summary>
    private static string? ScnOf(JsonElement source)
    {
        var scn = Text(source, "scn") ?? Whole(source, "scn")?.ToString(CultureInfo.InvariantCulture);
        return scn is { Length: > 0 and <= ScnDigitsMax } && scn.All(char.IsAsciiDigit)
            ? $"scn:{scn.PadLeft(ScnDigitsMax, '0')}/{Text(source, "rs_id")}/{Digits(Whole(source, "ssn") ?? 0)}"
            : null;
    }

    private static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is > 0 and < MillisecondsMax ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value) : null;

    private static string Digits(long number) => number.ToString("D20", CultureInfo.InvariantCulture);

    private static JsonElement Member(JsonElement of, string name) => of.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Whole(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) && value >= 0 ? value : null;
}

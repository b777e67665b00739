using System.Text.Unicode;

namespace Orders.Simulator.Files;

/// <summary>A table from a file: the rows that are right, and what is wrong with the others.</summary>
/// <param name="BadRows">How many rows are not right.</param>
/// <param name="Described">What is wrong with the first <see cref="TableReader.DescribedMax"/> of them, in the order of the file.</param>
internal sealed record TableContent<T>(IReadOnlyList<T> Rows, int BadRows, IReadOnlyList<BadCell> Described);

/// <summary>The file cannot be read at all; the message says which and why.</summary>
internal sealed class TableFileException(string message) : Exception(message);

/// <summary>Reads a table from JSON, NDJSON or CSV. A bad row is described and left out; the others are kept.</summary>
internal static class TableReader
{
    /// <summary>Bytes of a file: it is read whole.</summary>
    public const int BytesMax = 512 * 1024 * 1024;

    /// <summary>Bad rows that are described; more are counted.</summary>
    public const int DescribedMax = 100;

    /// <param name="refuse">What only the other tables tell: the column and the reason, or null.</param>
    public static async Task<TableContent<T>> ReadAsync<T>(
        string path, TableSchema<T> schema, Func<T, (string Column, string Reason)?>? refuse, CancellationToken cancel)
    {
        var format = TableFormats.Of(path) ?? throw new TableFileException($"{path}: the name must end in .json, .ndjson or .csv");
        var file = new FileInfo(path);
        if (!file.Exists) throw new TableFileException($"{path}: there is no such file");
        if (file.Length > BytesMax) throw new TableFileException(FormattableString.Invariant($"{path}: is larger than {BytesMax} bytes"));
        return Read(await File.ReadAllBytesAsync(path, cancel), format, schema, refuse);
    }

    public static TableContent<T> Read<T>(
        byte[] file, TableFormat format, TableSchema<T> schema, Func<T, (string Column, string Reason)?>? refuse = null)
    {
        if (!Utf8.IsValid(file))
            return new TableContent<T>([], 1, [new BadCell(FirstInvalidLine(file), null, "is not UTF-8: save the file as UTF-8")]);
        return Check(schema, refuse, format switch
        {
            TableFormat.Json => JsonRows.ReadArray(file, schema.Columns),
            TableFormat.Ndjson => JsonRows.ReadLines(file, schema.Columns),
            _ => CsvRows.Read(file, schema.Columns),
        });
    }

    private static TableContent<T> Check<T>(
        TableSchema<T> schema, Func<T, (string Column, string Reason)?>? refuse, IEnumerable<RawRow> rows)
    {
        var (good, bad, described) = (new List<T>(), 0, new List<BadCell>());
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var problems = new List<BadCell>();
            if (row.Unreadable is { } unreadable) problems.Add(unreadable);
            else if (Read(schema, row, problems, seen) is not { } value)
            {
                // What is wrong is among the problems.
            }
            else if (refuse?.Invoke(value) is { } refused) problems.Add(new BadCell(row.Line, refused.Column, refused.Reason));
            else good.Add(value);
            if (problems.Count > 0 && bad++ < DescribedMax) described.AddRange(problems);
        }

        return new TableContent<T>(good, bad, described);
    }

    private static T? Read<T>(TableSchema<T> schema, RawRow row, List<BadCell> problems, Dictionary<string, int> seen)
    {
        var value = schema.Read(new RowReading(row, problems));
        if (problems.Count > 0) return default;
        if (seen.TryAdd(schema.Id(value), row.Line)) return value;
        problems.Add(new BadCell(row.Line, schema.IdColumn,
            FormattableString.Invariant($"'{schema.Id(value)}' stands already on line {seen[schema.Id(value)]}")));
        return default;
    }

    private static int FirstInvalidLine(ReadOnlySpan<byte> file)
    {
        var line = 1;
        foreach (var range in file.Split((byte)'\n'))
        {
            if (!Utf8.IsValid(file[range])) return line;
            line++;
        }

        return line;
    }
}

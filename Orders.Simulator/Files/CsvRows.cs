using System.Text;
using CsvHelper;

namespace Orders.Simulator.Files;

/// <summary>
/// CSV with a header. Comma, semicolon (what spreadsheets write where the comma is the decimal sign) and tab separate; which of
/// them, the header says.
/// </summary>
internal static class CsvRows
{
    private static readonly char[] Delimiters = [',', ';', '\t'];

    public static IEnumerable<RawRow> Read(byte[] file, IReadOnlyList<string> columns)
    {
        var malformed = new HashSet<int>();
        using var reader = CsvReader.Create(file, new CsvReaderOptions
        {
            HasHeader = false, Separator = Delimiter(file), TrackLineNumbers = true,
            OnMalformedRecord = record => malformed.Add((int)record.LineNumber),
        });
        if (!reader.Read())
        {
            yield return RawRow.Bad(1, null, "is missing: the first line must name the columns");
            yield break;
        }

        var header = Cells(reader).Select(name => name.Trim()).ToArray();
        var wrong = HeaderProblems(header, columns).ToList();
        foreach (var problem in wrong) yield return problem;
        if (wrong.Count > 0) yield break;

        while (reader.Read())
        {
            var line = (int)reader.LineNumber;
            yield return malformed.Contains(line)
                ? RawRow.Bad(line, null, "has a quotation mark in the wrong place: quote the whole cell and double the marks in it")
                : Row(line, header, Cells(reader));
        }
    }

    private static string[] Cells(CsvReader reader)
    {
        var cells = new string[reader.FieldCount];
        for (var i = 0; i < cells.Length; i++) cells[i] = reader.GetString(i);
        return cells;
    }

    private static RawRow Row(int line, string[] header, string[] record)
    {
        if (record.Length != header.Length)
            return RawRow.Bad(line, null, FormattableString.Invariant($"has {record.Length} cells, the header has {header.Length}"));
        var cells = new Dictionary<string, Cell>(header.Length, StringComparer.Ordinal);
        for (var i = 0; i < header.Length; i++) cells[header[i]] = Cell.Of(record[i]);
        return new RawRow(line, cells);
    }

    private static IEnumerable<RawRow> HeaderProblems(string[] header, IReadOnlyList<string> columns)
    {
        foreach (var name in header.Where(name => !columns.Contains(name)))
            yield return RawRow.Bad(1, name, "is no column of this table" + Nearest.Hint(name, columns));
        foreach (var name in header.CountBy(name => name).Where(name => name.Value > 1))
            yield return RawRow.Bad(1, name.Key, "stands more than once");
    }

    private static char Delimiter(byte[] file)
    {
        var header = Encoding.UTF8.GetString(file.AsSpan(0, file.AsSpan().IndexOf((byte)'\n') is >= 0 and var end ? end : file.Length));
        return Delimiters.MaxBy(delimiter => header.Count(letter => letter == delimiter));
    }
}

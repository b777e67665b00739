using System.Text;
using System.Text.Json;
using CsvHelper;

namespace Orders.Simulator.Files;

/// <summary>Writes a table. The bytes are a function of the rows and the format: no byte order mark, no clock, no culture.</summary>
internal static class TableWriter
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The file is written beside its place and moved there when it is whole.</summary>
    public static async Task WriteAsync<T>(
        string path, TableFormat format, TableSchema<T> schema, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var unfinished = path + ".part";
        await using (var stream = new FileStream(
            unfinished, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true))
        {
            await WriteAsync(stream, format, schema, rows, cancel);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    public static async Task WriteAsync<T>(
        Stream stream, TableFormat format, TableSchema<T> schema, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        if (format == TableFormat.Csv) await WriteCsvAsync(stream, schema, rows, cancel);
        else await WriteJsonAsync(stream, format == TableFormat.Json, schema, rows, cancel);
    }

    /// <summary>A row per line in both formats: line numbers mean the same, and differences are readable.</summary>
    private static async Task WriteJsonAsync<T>(
        Stream stream, bool array, TableSchema<T> schema, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        await using var writer = new StreamWriter(stream, utf8, BufferBytes, leaveOpen: true);
        if (array) await writer.WriteAsync("[\n".AsMemory(), cancel);
        for (var i = 0; i < rows.Count; i++)
        {
            var end = array && i < rows.Count - 1 ? ",\n" : "\n";
            await writer.WriteAsync((JsonSerializer.Serialize(rows[i], schema.Json) + end).AsMemory(), cancel);
        }

        if (array) await writer.WriteAsync("]\n".AsMemory(), cancel);
    }

    private static async Task WriteCsvAsync<T>(
        Stream stream, TableSchema<T> schema, IReadOnlyList<T> rows, CancellationToken cancel)
    {
        await using var csv = CsvWriter.Create(stream, null, leaveOpen: true);
        await csv.WriteRecordAsync([.. schema.Columns], cancel);
        foreach (var row in rows) await csv.WriteRecordAsync([.. schema.Cells(row)], cancel);
    }
}

namespace Orders.Simulator.Files;

/// <summary>How a table stands in a file.</summary>
internal enum TableFormat
{
    /// <summary>An array of objects, one object per line when it is written here.</summary>
    Json,

    /// <summary>One object per line.</summary>
    Ndjson,

    /// <summary>RFC 4180 with a header of column names, UTF-8.</summary>
    Csv,
}

internal static class TableFormats
{
    public static string Extension(this TableFormat format) => format switch
    {
        TableFormat.Json => ".json",
        TableFormat.Ndjson => ".ndjson",
        TableFormat.Csv => ".csv",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    /// <summary>The format that a file's name says; null when it says none.</summary>
    public static TableFormat? Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => TableFormat.Json,
        ".ndjson" or ".jsonl" => TableFormat.Ndjson,
        ".csv" => TableFormat.Csv,
        _ => null,
    };
}

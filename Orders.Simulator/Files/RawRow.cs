using System.Text.Json;

namespace Orders.Simulator.Files;

/// <summary>A row as it stands in the file: its cells by column, or why it cannot be read.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
internal sealed record RawRow(int Line, IReadOnlyDictionary<string, Cell> Cells, BadCell? Unreadable = null)
{
    private static readonly Dictionary<string, Cell> None = [];

    public static RawRow Bad(int line, string? column, string reason) => new(line, None, new BadCell(line, column, reason));
}

/// <summary>One thing that is wrong with a file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">Null when it is the whole row.</param>
internal sealed record BadCell(int Line, string? Column, string Reason)
{
    public override string ToString() =>
        FormattableString.Invariant($"line {Line}") + (Column is null ? "" : $", {Column}") + ": " + Reason;
}

/// <summary>A value as it was written: text in CSV, which knows nothing else, or JSON.</summary>
internal readonly struct Cell
{
    public string? Text { get; private init; }

    public JsonElement? Json { get; private init; }

    public static Cell Of(string text) => new() { Text = text };

    public static Cell Of(JsonElement json) => new() { Json = json };
}

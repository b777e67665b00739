using System.Text.RegularExpressions;

namespace Orders.Tests.Tidy;

/// <summary>The limits of CONTRIBUTING.md, "Sizes".</summary>
[Unit]
public sealed partial class Sizes
{
    private const int FileLines = 400;
    private const int ProgramLines = 80;
    private const int MethodLines = 70;
    private const int TestMethodLines = 60;
    private const int LineLength = 140;

    [Fact]
    public void Files_are_short() =>
        Check(file => File.ReadAllLines(file).Length is var lines
            && lines > (Path.GetFileName(file) == "Program.cs" ? ProgramLines : FileLines)
            ? [$"{lines} lines"] : []);

    [Fact]
    public void Lines_are_short() =>
        Check(file => File.ReadAllLines(file).Select((line, index) => (line, index))
            .Where(entry => entry.line.Length > LineLength && !entry.line.TrimStart().StartsWith("{ \"\"\"", StringComparison.Ordinal))
            .Select(entry => $"line {entry.index + 1} has {entry.line.Length} characters"));

    [Fact]
    public void Methods_are_short() => Check(LongMethods);

    [Fact]
    public void Slices_are_short() =>
        Check(file => Sources.Relative(file).StartsWith("Orders.Api/Features/", StringComparison.Ordinal)
            && File.ReadAllLines(file).Length is > 200 and var lines
            ? [$"a slice of {lines} lines: make it a folder"] : []);

    /// <summary>A method begins at a line that ends with its parameter list and ends at the closing brace of the same indent.</summary>
    private static IEnumerable<string> LongMethods(string file)
    {
        var limit = Sources.Relative(file).StartsWith("Orders.Tests/", StringComparison.Ordinal) ? TestMethodLines : MethodLines;
        var lines = File.ReadAllLines(file);
        for (var i = 0; i + 1 < lines.Length; i++)
        {
            if (!MethodHead().IsMatch(lines[i])) continue;
            var indent = lines[i].Length - lines[i].TrimStart().Length;
            var open = Array.FindIndex(lines, i, line => line == new string(' ', indent) + "{");
            if (open < 0 || open > i + 8) continue;
            var close = Array.FindIndex(lines, open, line => line == new string(' ', indent) + "}");
            if (close - open - 1 > limit) yield return $"the method at line {i + 1} has {close - open - 1} lines";
        }
    }

    private static void Check(Func<string, IEnumerable<string>> findings)
    {
        var found = Sources.Files(".cs")
            .SelectMany(file => findings(file).Select(finding => $"{Sources.Relative(file)}: {finding}")).ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    [GeneratedRegex(@"^\s{4,}(public|private|internal|protected)[^=;]*\([^;]*$", RegexOptions.None, 1000)]
    private static partial Regex MethodHead();
}

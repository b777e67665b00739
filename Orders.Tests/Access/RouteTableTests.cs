using System.Text.RegularExpressions;
using Orders.Tests.Tidy;

namespace Orders.Tests.Access;

public sealed partial class RouteTableTests
{
    [Fact]
    public void Every_route_that_is_mapped_is_in_the_table()
    {
        var mapped = new[] { "Orders.Api", "Orders.ServiceDefaults" }
            .SelectMany(project => Sources.FilesIn(Path.Combine(Sources.Root, project), ".cs"))
            .SelectMany(file => Routes(File.ReadAllText(file))).Order(StringComparer.Ordinal).ToList();

        Assert.NotEmpty(mapped);
        Assert.Equal(mapped, RouteTable.All.Select(rule => rule.ToString()).Order(StringComparer.Ordinal));
    }

    /// <summary>The routes of a file: a group is a variable, and its routes are mapped on it.</summary>
    private static IEnumerable<string> Routes(string source)
    {
        var groups = Group().Matches(source).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        foreach (Match match in Map().Matches(source))
        {
            var method = match.Groups[2].Value == "HealthChecks" ? "GET" : match.Groups[2].Value.ToUpperInvariant();
            yield return $"{method} {groups.GetValueOrDefault(match.Groups[1].Value, "")}{match.Groups[3].Value}";
        }
    }

    [GeneratedRegex("""var (\w+) = \w+\s*\.MapGroup\(\s*"([^"]*)"\)""", RegexOptions.None, 1000)]
    private static partial Regex Group();

    [GeneratedRegex("""(\w+)\s*\.Map(Get|Post|Put|Patch|Delete|HealthChecks)\(\s*"([^"]*)"\s*,""", RegexOptions.None, 1000)]
    private static partial Regex Map();
}

using System.Text.RegularExpressions;
using Orders.Api.Http;
using Orders.Tests.Tidy;

namespace Orders.Tests.Docs;

[Unit]
public sealed partial class ProblemTypeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public void Every_problem_type_says_what_it_means_and_what_to_do()
    {
        Assert.NotEmpty(ProblemTypes.All);
        Assert.All(ProblemTypes.All, type =>
        {
            Assert.Matches("^[a-z][a-z_]*[a-z]$", type.Code);
            Assert.InRange(type.Status, 400, 599);
            Assert.DoesNotContain((string[])[type.Title, type.Meaning, type.Remedy, type.ExampleDetail], string.IsNullOrWhiteSpace);
            // A 400 names the field; so does everything else that is about one.
            if (type.Status == 400) Assert.NotNull(type.ExampleField);
        });
    }

    [Fact]
    public void Every_problem_type_is_answered_somewhere()
    {
        var catalogue = Sources.FilesIn(Path.Combine(Sources.Root, "Orders.Api"), ".cs").ToLookup(
            file => Path.GetFileName(file).StartsWith("ProblemTypes.", StringComparison.Ordinal));
        var named = catalogue[true].SelectMany(file => Field().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value).ToList();
        // Describing an endpoint does not answer anything.
        var code = string.Concat(catalogue[false].Where(file => !file.Contains("/Docs/", StringComparison.Ordinal))
            .Select(file => Refuses().Replace(File.ReadAllText(file), "")));

        Assert.Equal(ProblemTypes.All.Count(), named.Count);
        Assert.Empty(named.Where(name => !Regex.IsMatch(code, $@"(ProblemTypes\.|=> ){name}\b", RegexOptions.None, Patience)));
    }

    [GeneratedRegex(@"public static readonly ProblemType (\w+)", RegexOptions.None, 1000)]
    private static partial Regex Field();

    [GeneratedRegex(@"\.Refuses\([^;]*\)|Refusals\.Add(Range)?\([^;]*\);", RegexOptions.None, 1000)]
    private static partial Regex Refuses();
}

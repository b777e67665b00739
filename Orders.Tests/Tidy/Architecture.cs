using System.Text.RegularExpressions;

namespace Orders.Tests.Tidy;

/// <summary>Decisions that a compiler does not hold.</summary>
[Unit]
public sealed partial class Architecture
{
    private static readonly string[] Products =
        ["Orders.AppHost", "Orders.ServiceDefaults", "Orders.Api", "Orders.Indexer", "Orders.Simulator", "Orders.LocalServers"];

    [Fact]
    public void The_domain_knows_no_infrastructure()
    {
        string[] foreign = ["EntityFrameworkCore", "AspNetCore", "Confluent", "StackExchange", "Npgsql", "Meilisearch",
            "Orders.Api.Persistence", "Orders.Api.Http"];
        var found = Sources.FilesIn(Path.Combine(Sources.Root, "Orders.Api", "Domain"), ".cs")
            .SelectMany(file => foreign.Where(File.ReadAllText(file).Contains).Select(name => $"{Sources.Relative(file)} names {name}"));
        Assert.Empty(found);
    }

    [Fact]
    public void No_folder_is_named_like_the_root_namespace() =>
        Assert.Empty(Directory.EnumerateDirectories(Sources.Root, "Orders", SearchOption.AllDirectories)
            .Select(Sources.Relative).Where(folder => !folder.StartsWith("artifacts/", StringComparison.Ordinal)));

    [Fact]
    public void Product_code_has_one_code_path()
    {
        var found = Products.SelectMany(product => Sources.FilesIn(Path.Combine(Sources.Root, product), ".cs"))
            .Where(file => Conditional().IsMatch(File.ReadAllText(file))).Select(Sources.Relative);
        Assert.Empty(found);
    }

    [Fact]
    public void The_AppHost_alone_knows_how_servers_run()
    {
        var found = Products.Append("Orders.Tests").Except(["Orders.AppHost", "Orders.LocalServers"])
            .SelectMany(product => Sources.FilesIn(Path.Combine(Sources.Root, product), ".cs", ".csproj", ".json"))
            .Where(file => Path.GetFileName(file) != "Architecture.cs"
                && !Sources.Relative(file).StartsWith("Orders.Tests/Hosting/", StringComparison.Ordinal))
            .Where(file => LocalServer().IsMatch(File.ReadAllText(file))).Select(Sources.Relative);
        Assert.Empty(found);
    }

    [Fact]
    public void Projects_name_official_packages_only()
    {
        var references = Products.SelectMany(product => Sources.Project(product).Descendants("ProjectReference"))
            .Select(reference => reference.Attribute("Include")!.Value);
        Assert.DoesNotContain(references, reference => reference.Contains("integrations", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_integration_stands_in_for_a_package_that_has_a_version()
    {
        var versions = File.ReadAllText(Path.Combine(Sources.Root, "Directory.Packages.props"));
        var ids = Integration().Matches(File.ReadAllText(Path.Combine(Sources.Root, "integrations", "Integrations.targets")))
            .Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(5, ids.Count);
        Assert.All(ids, id =>
        {
            Assert.Contains($"\"{id}\"", versions, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(Sources.Root, "integrations", id, id + ".csproj")), $"{id} has no project");
        });
    }

    [Fact]
    public void Nothing_is_left_undone()
    {
        var found = Sources.Files(".cs").Where(file => Path.GetFileName(file) != "Architecture.cs")
            .Where(file => Undone().IsMatch(File.ReadAllText(file))).Select(Sources.Relative);
        Assert.Empty(found);
    }

    [Fact]
    public void Tests_wait_for_conditions_and_never_sleep()
    {
        var found = Sources.FilesIn(Path.Combine(Sources.Root, "Orders.Tests"), ".cs")
            .Where(file => Path.GetFileName(file) != "Architecture.cs")
            .Where(file => Sleep().IsMatch(File.ReadAllText(file))).Select(Sources.Relative);
        Assert.Empty(found);
    }

    [GeneratedRegex(@"^\s*#(if|elif|region|pragma warning disable)\b", RegexOptions.Multiline, 1000)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"LocalServers|garnet|zookeeper", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex LocalServer();

    [GeneratedRegex("OrdersIntegration Include=\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Integration();

    [GeneratedRegex(@"NotImplementedException|\bSkip\s*=\s*""|//\s*(TODO|FIXME|HACK)", RegexOptions.None, 1000)]
    private static partial Regex Undone();

    [GeneratedRegex(@"Task\.Delay|Thread\.Sleep", RegexOptions.None, 1000)]
    private static partial Regex Sleep();
}

using System.Text;
using System.Text.Json;
using Orders.Simulator.Profiles;
using Orders.Tests.Tidy;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class ProfileTests
{
    [Fact]
    public void A_profile_that_is_written_is_read_again() =>
        Assert.Equal(ProfileReader.Write(Profile.Default), ProfileReader.Write(ProfileReader.Read(ProfileReader.Write(Profile.Default))));

    [Fact]
    public void What_a_file_does_not_name_has_its_default()
    {
        var profile = ProfileReader.Read(
            """
            {
                // Comments are welcome.
                "name": "quiet",
                "lifecycle": { "return": 0.5, "deliver": { "median": "2.00:00:00" }, },
                "channels": { "phone": 1 },
            }
            """);

        Assert.Equal(("quiet", 0.5, TimeSpan.FromDays(2)), (profile.Name, profile.Lifecycle.Return, profile.Lifecycle.Deliver.Median));
        Assert.Equal(["phone"], profile.Channels.Keys);
        Assert.Equal(Profile.Default.Lifecycle.Cancellation, profile.Lifecycle.Cancellation);
        Assert.Equal(Profile.Default.Lines, profile.Lines);
    }

    [Theory]
    [InlineData("""{"chanels": {}}""", "chanels: there is no such key; did you mean 'channels'?")]
    [InlineData("""{"lifecycle": {"retrun": 1}}""", "lifecycle.retrun: there is no such key; did you mean 'return'?")]
    [InlineData("""{"calendar": {"seasons": [{"nam": "x"}]}}""", "calendar.seasons[0].nam: there is no such key; did you mean 'name'?")]
    [InlineData("""{"payments": {"card": {"wait": 1}}}""", "payments.card.wait: there is no such key")]
    [InlineData("""{"Name": "x"}""", "Name: there is no such key; did you mean 'name'?")]
    public void An_unknown_key_is_named_with_the_nearest_known_one(string json, string problem) =>
        Assert.Contains(problem, Problems(json));

    [Theory]
    [InlineData("""{"lifecycle": {"return": 1.5}}""", "lifecycle.return: is 1.5; it must be 0 to 1")]
    [InlineData("""{"lines": []}""", "lines: must be 1 to 100 weights")]
    [InlineData("""{"lines": [0, 0]}""", "lines: must be weights of 0 or more, not all 0")]
    [InlineData("""{"channels": {"web": -1}}""", "channels: must be weights of 0 or more, not all 0")]
    [InlineData("""{"calendar": {"hours": [1]}}""", "calendar.hours: must be 24 factors, is 1")]
    [InlineData("""{"calendar": {"seasons": [{"name": "x", "from": "02-30", "to": "03-01"}]}}""",
        "calendar.seasons.x: '02-30' must be month and day, such as 12-05")]
    [InlineData("""{"lifecycle": {"pack": {"median": "00:00:00"}}}""",
        "lifecycle.pack.median: must be 1 second to 90 days, such as 1.02:30:00")]
    [InlineData("""{"lifecycle": {"cancelled_when": {"shipped": 1}}}""",
        "lifecycle.cancelled_when.shipped: must be placed, confirmed or paid")]
    [InlineData("""{"discounts": [{"code": "ten", "percent": 10, "share": 0.1}]}""",
        "discounts[0].code: must be 1 to 40 of A-Z, 0-9, - and _")]
    [InlineData("""{"discounts": [{"code": "TEN", "share": 0.1}]}""", "discounts[0].percent: give either percent or amount")]
    [InlineData("""{"discounts": [{"code": "TEN", "percent": 10, "during": "Easter"}]}""",
        "discounts[0].during: 'Easter' is neither a season of the calendar nor one of Black Week, Black Friday, Black Weekend, "
        + "Cyber Monday, pay day")]
    public void A_value_that_cannot_be_is_refused_with_its_key(string json, string problem) => Assert.Equal([problem], Problems(json));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"name": 1}""")]
    [InlineData("""{"name": null}""")]
    [InlineData("""{"\ud800": 1}""")]
    [InlineData("""{"name": "\ud800"}""")]
    [InlineData("""{"lines": "many"}""")]
    [InlineData("""{"popularity": 1}""")]
    [InlineData("""{"name": "a", "name": "b"}""")]
    public void What_is_no_profile_is_refused(string json) => Assert.NotEmpty(Problems(json));

    [Fact]
    public void The_sample_names_every_key_there_is()
    {
        var sample = File.ReadAllText(Path.Combine(Sources.Root, "samples", "profile.json"));
        var keys = Keys(ProfileReader.Write(ProfileReader.Read(sample))).ToHashSet();

        Assert.Subset(Keys(sample).ToHashSet(), keys);
    }

    [Fact]
    public void Every_key_is_documented()
    {
        var page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "simulator.md"));
        string[] known =
        [
            "name", "lines", "quantities", "channels", "popularity.zipf", "affinity.chance", "affinity.together",
            "regulars.share", "regulars.orders", "discounts", "payments", "shipping", .. Names<CalendarProfile>("calendar"),
            .. Names<LifecycleProfile>("lifecycle"),
        ];
        Assert.All(known, key => Assert.Contains($"`{key}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_command_line_shows_a_profile_and_names_what_is_wrong_with_one()
    {
        using var cli = new CliRun();
        Assert.Equal(0, await cli.RunAsync("inspect", "profile"));
        Assert.Equal(ProfileReader.Write(Profile.Default), cli.Output.Trim());

        var file = cli.Write("mine.json", """{"chanels": {}}""");
        Assert.Equal(1, await cli.RunAsync("inspect", "profile", "--profile", file));
        Assert.Contains($"{file}, chanels: there is no such key; did you mean 'channels'?", cli.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names<T>(string section) => ProfileReader.Json.GetTypeInfo(typeof(T)).Properties
        .Select(property => $"{section}.{property.Name}");

    private static IReadOnlyList<string> Problems(string json) =>
        Assert.Throws<ProfileException>(() => ProfileReader.Read(json)).Problems;

    private static IEnumerable<string> Keys(string json)
    {
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(json), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var keys = new List<string>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName) keys.Add(reader.GetString()!);
        }

        return keys;
    }
}

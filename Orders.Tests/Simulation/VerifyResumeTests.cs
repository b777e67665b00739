using System.Globalization;
using System.Net;

namespace Orders.Tests.Simulation;

/// <summary>A verification that was ended in the middle, and its ledger.</summary>
[Unit]
public sealed class VerifyResumeTests : IDisposable
{
    private const int Count = 60;

    private readonly VerifyFake _shop = new();
    private readonly CliRun _cli;
    private readonly string _ledger;
    private readonly string[] _sentence;

    public VerifyResumeTests()
    {
        _cli = new CliRun { Network = () => _shop };
        _ledger = _cli.PathOf("ledger.ndjson");
        _sentence = ["verify", "--api", "http://shop.example", "--key", "ordk_x", "--ledger", _ledger, "--patience", "1"];
    }

    public void Dispose()
    {
        _cli.Dispose();
        _shop.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(111)]
    public async Task A_run_that_was_ended_goes_on_and_doubles_nothing(int changes)
    {
        using var stop = new CancellationTokenSource();
        // Carried out, and nobody hears of it.
        _shop.After = _ => _shop.Changes.Count < changes ? null : End(stop);

        Assert.Equal(1, await _cli.RunAsync(stop.Token, Placing()));
        Assert.Contains("the same command again goes on and doubles nothing", _cli.Error, StringComparison.Ordinal);
        _shop.After = _ => null;

        await AssertProvenAsync(Placing());
        Assert.Contains("requests without an outcome", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown outcomes: 0;", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_open_is_resolved_without_placing_more()
    {
        using var stop = new CancellationTokenSource();
        _shop.After = _ => _shop.Changes.Count < 20 ? null : End(stop);
        Assert.Equal(1, await _cli.RunAsync(stop.Token, Placing()));
        _shop.After = _ => null;
        var (placed, asked) = (_shop.Stored.Count, _shop.Changes.Count);

        Assert.Equal(1, await _cli.RunAsync([.. _sentence, "--check-only"]));
        Assert.Contains("NOT PROVEN: ", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(asked, _shop.Changes.Count);

        Assert.True(await _cli.RunAsync(_sentence) == 0, _cli.Output + _cli.Error);
        Assert.InRange(_shop.Stored.Count, placed, placed + 16);
        Assert.Contains(" 0 open;", _cli.Output, StringComparison.Ordinal);

        await AssertProvenAsync(Placing());
    }

    [Fact]
    public async Task Outcomes_that_did_not_come_to_disk_are_asked_for_again()
    {
        await AssertProvenAsync(Placing());
        var lines = await File.ReadAllLinesAsync(_ledger);
        // Outcomes without anything behind them that needs them, and half of another one.
        var last = lines.Length - 1 - lines.Reverse().TakeWhile(line => line.Contains("\"done\"", StringComparison.Ordinal)).Count();
        var kept = lines.Take(last + 1).ToList();
        Assert.True(kept.Count < lines.Length);
        await File.WriteAllTextAsync(_ledger, string.Join('\n', kept) + "\n" + lines[last + 1][..30]);
        var asked = _shop.Changes.Count;

        await AssertProvenAsync(Placing());

        Assert.Equal(asked + lines.Length - kept.Count, _shop.Changes.Count);
        Assert.Contains($"unknown outcomes: {lines.Length - kept.Count}; {lines.Length - kept.Count} had been carried out", _cli.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_was_changed_is_named()
    {
        await AssertProvenAsync(Placing());
        var bytes = await File.ReadAllBytesAsync(_ledger);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_ledger, bytes);
        var line = bytes.Take(bytes.Length / 2).Count(value => value == '\n') + 1;

        Assert.Equal(1, await _cli.RunAsync(_sentence));

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"ledger.ndjson, line {line}: is not as it was written"), _cli.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--api", "http://other.example", "its --api is http://shop.example/, not http://other.example/")]
    [InlineData("--seed", "43", "its --seed is 42, not 43")]
    [InlineData("--run", "other", "its --run is one, not other")]
    [InlineData("--moves", "0.1", "its --moves is 0.5, not 0.1")]
    public async Task A_ledger_of_another_run_is_refused(string option, string value, string words)
    {
        await AssertProvenAsync([.. Placing(), "--run", "one"]);
        var asked = _shop.Changes.Count;
        string[] other = [.. _sentence.Where((word, index) => option != "--api" || index is 0 or > 2), option, value];

        Assert.Equal(2, await _cli.RunAsync(other));

        Assert.Contains(words, _cli.Error, StringComparison.Ordinal);
        Assert.Equal(asked, _shop.Changes.Count);
    }

    [Fact]
    public async Task Another_ledger_cannot_take_over_a_run()
    {
        await AssertProvenAsync([.. Placing(), "--run", "one"]);
        File.Delete(_ledger);

        Assert.Equal(2, await _cli.RunAsync([.. Placing(), "--run", "one"]));

        Assert.Contains("has orders already", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_ends_before_its_first_order_is_begun_anew()
    {
        await AssertProvenAsync(Placing());
        var lines = await File.ReadAllLinesAsync(_ledger);
        await File.WriteAllTextAsync(_ledger, lines[0] + "\n" + lines[1] + "\n" + lines[2][..50]);
        _shop.Stored.Clear();
        _shop.Changes.Clear();

        await AssertProvenAsync(Placing());

        Assert.NotEqual(lines[0], (await File.ReadAllLinesAsync(_ledger))[0]);
    }

    [Fact]
    public async Task A_file_that_is_no_ledger_is_left_alone()
    {
        var file = _cli.Write("ledger.ndjson", "my only copy");

        Assert.Equal(1, await _cli.RunAsync(Placing()));

        Assert.Equal("my only copy", await File.ReadAllTextAsync(file));
        Assert.Contains("line 1", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_that_stays_away_ends_the_run_and_the_ledger_has_what_is_open()
    {
        _shop.Before = _ => _shop.Changes.Count <= 30 ? null : VerifyFake.Answer(HttpStatusCode.ServiceUnavailable);

        Assert.Equal(1, await _cli.RunAsync(Placing()));

        Assert.Contains("does not answer; waited 1 s: the API answered 503", _cli.Error, StringComparison.Ordinal);
        _shop.Before = _ => null;
        await AssertProvenAsync(Placing());
    }

    [Theory]
    [InlineData("Say which API", "--ledger", "x.ndjson", "--orders", "1")]
    [InlineData("Say where the ledger is", "--api", "http://shop.example", "--orders", "1")]
    [InlineData("say --orders or --duration", "--api", "http://shop.example", "--ledger", "x.ndjson")]
    [InlineData("not both", "--api", "http://shop.example", "--ledger", "x.ndjson", "--orders", "1", "--duration", "1")]
    [InlineData("--sample must be 0 to 1", "--api", "http://shop.example", "--ledger", "x.ndjson", "--sample", "1.5")]
    [InlineData("--orders must be 1 to 5000000", "--api", "http://shop.example", "--ledger", "x.ndjson", "--orders", "0")]
    [InlineData("--rate must be 0.1 to 10000", "--api", "http://shop.example", "--ledger", "x.ndjson", "--rate", "NaN")]
    public async Task Wrong_usage_is_said(string words, params string[] arguments)
    {
        Assert.Equal(2, await _cli.RunAsync(["verify", "--key", "ordk_x", .. arguments]));

        Assert.Contains(words, _cli.Error, StringComparison.Ordinal);
    }

    private string[] Placing() => [.. _sentence, "--orders", Count.ToString(CultureInfo.InvariantCulture)];

    private async Task AssertProvenAsync(string[] sentence)
    {
        var code = await _cli.RunAsync(sentence);

        Assert.True(code == 0, _cli.Output + _cli.Error);
        Assert.Equal(Count, _shop.Stored.Count);
        Assert.Equal(Count, _shop.Stored.Values.Select(order => order.ExternalId).Distinct().Count());
        // However often a key came, what it asked for was done once: versions are the requests that had another key.
        Assert.Equal(_shop.Changes.Select(change => change.Key).Distinct().Count(), _shop.Stored.Values.Sum(order => order.Version));
    }

    /// <summary>As Ctrl+C does.</summary>
    private static HttpResponseMessage End(CancellationTokenSource stop)
    {
        stop.Cancel();
        throw new HttpRequestException(HttpRequestError.ResponseEnded);
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Orders.Tests.Support;

namespace Orders.Tests.Simulation;

/// <summary><c>load</c> against a server that a test can stall and break. Times are real here: it is times that it measures.</summary>
[Collection(QuietCollection.Name)]
[Unit]
public sealed class LoadCommandTests : IDisposable
{
    private readonly LoadTarget _target = new();
    private readonly CliRun _cli;

    public LoadCommandTests() => _cli = new CliRun { Network = () => _target };

    public void Dispose()
    {
        _cli.Dispose();
        _target.Dispose();
    }

    /// <summary>
    /// Requests are due every 10 ms; for a second the server answers none of them. Two can be on their way, so two requests notice:
    /// their service time is a second. The 98 that could not be sent meanwhile waited as well, and that is what latency says.
    /// </summary>
    [Fact]
    public async Task A_stall_is_felt_by_every_request_that_was_due_in_it()
    {
        StallOnce(TimeSpan.FromSeconds(1));

        var report = await LoadAsync("--scenario", "read", "--rate", "100", "--arrivals", "even", "--duration", "3s", "--in-flight", "2");

        var (latency, service) = (report["overall"]!["latency_ms"]!, report["overall"]!["service_ms"]!);
        Assert.Equal((300, 0), (Number(report["overall"]!["succeeded"]), Number(report["overall"]!["failed"])));
        Assert.InRange(Number(latency["p99"]), 900, 2000);
        Assert.InRange(Number(latency["p90"]), 500, 2000);
        Assert.InRange(Number(service["max"]), 900, 2000);
        Assert.True(Number(service["p95"]) < 300, $"service p95 {service["p95"]}");
        Assert.Equal("due", (string?)report["latency_from"]);
        Assert.False((bool)report["kept_up"]!);
        Assert.InRange(Number(report["held_back"]), 80, 298);
        Assert.Contains("DID NOT KEEP UP", _cli.Output, StringComparison.Ordinal);
    }

    /// <summary>The same stall, and nobody asked while it lasted: what a closed model cannot know, it says.</summary>
    [Fact]
    public async Task In_the_closed_model_a_stall_is_felt_by_the_users_alone()
    {
        StallOnce(TimeSpan.FromSeconds(1));

        var report = await LoadAsync("--scenario", "read", "--users", "2", "--think", "10ms", "--duration", "3s");

        var latency = report["overall"]!["latency_ms"]!;
        Assert.InRange(Number(latency["max"]), 900, 2000);
        Assert.True(Number(latency["p90"]) < 300, $"p90 {latency["p90"]}");
        Assert.Equal("sent", (string?)report["latency_from"]);
        Assert.Contains("while users wait, nobody asks", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_counted_as_an_error()
    {
        var never = new TaskCompletionSource<HttpResponseMessage?>();
        _target.Before = (_, cancel) => never.Task.WaitAsync(cancel);

        var code = await RunAsync("--scenario", "read", "--rate", "50", "--arrivals", "even", "--duration", "1s", "--in-flight", "3",
            "--timeout", "3s", "--threshold", "errors<50%");

        Assert.Equal(1, code);
        var report = await ReportAsync();
        Assert.Equal((0, 3, 47), (
            Number(report["overall"]!["succeeded"]), Number(report["overall"]!["failed"]), Number(report["overall"]!["never_sent"])));
        Assert.Equal(1, Number(report["overall"]!["error_share"]));
        Assert.Equal(["timeout"], report["errors"]!.AsArray().Select(error => (string?)error!["kind"]));
        Assert.Contains("threshold errors<50%: MISSED, it was 100%, by 50%", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_are_counted_once_each_and_never_sent_again()
    {
        var (requests, keys) = (0, new List<string>());
        _target.Before = (request, _) =>
        {
            var number = Interlocked.Increment(ref requests);
            lock (keys) keys.Add(request.Headers.GetValues("Idempotency-Key").Single());
            return Task.FromResult(number switch
            {
                <= 10 => LoadTarget.Problem(HttpStatusCode.TooManyRequests, "rate_limited"),
                <= 15 => LoadTarget.Problem(HttpStatusCode.ServiceUnavailable, "busy"),
                _ => null,
            });
        };

        var report = await LoadAsync("--scenario", "place", "--rate", "40", "--arrivals", "even", "--duration", "1s");

        Assert.Equal((40, 40), (requests, keys.Distinct().Count()));
        Assert.Equal(25, _target.Shop.Orders.Count);
        Assert.Equal((25, 15), (Number(report["overall"]!["succeeded"]), Number(report["overall"]!["failed"])));
        Assert.Equal([("place throttled 429", 10), ("place unavailable 503", 5)], report["errors"]!.AsArray()
            .Select(error => ($"{error!["operation"]} {error["kind"]} {error["status"]}", (int)error["count"]!)));
        Assert.Contains("rate_limited", (string?)report["errors"]![0]!["examples"]![0], StringComparison.Ordinal);
        Assert.Contains("10 x place: throttled 429; such as", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shelves_that_are_empty_are_filled()
    {
        var first = 1;
        _target.Before = (_, _) => Task.FromResult(Interlocked.Exchange(ref first, 0) == 1
            ? LoadTarget.Problem(HttpStatusCode.Conflict, "out_of_stock", "items[0].product_id") : null);

        var report = await LoadAsync("--scenario", "place", "--rate", "20", "--duration", "1s", "--restock", "77");

        var (product, body) = Assert.Single(_target.Shop.Restocked);
        Assert.Contains(product, _target.Shop.Tables["products"].Keys);
        Assert.Equal("""{"change":77}""", body);
        Assert.Equal((1, 1), (Number(report["restocked"]), Number(report["overall"]!["failed"])));
    }

    [Fact]
    public async Task The_same_seed_and_run_place_the_same_orders()
    {
        string[] sentence = ["--scenario", "place", "--rate", "30", "--duration", "1s", "--seed", "5", "--run", "r"];
        await LoadAsync(sentence);
        var first = _target.Shop.Orders.OrderBy(order => order.Key).ToList();
        _target.Shop.Orders.Clear();
        await LoadAsync(sentence);

        Assert.NotEmpty(first);
        Assert.Equal(first, _target.Shop.Orders.OrderBy(order => order.Key));
    }

    [Fact]
    public async Task A_mix_reads_orders_that_are_there_and_searches_for_words_of_the_shop()
    {
        var report = await LoadAsync(
            "--mix", "place=1,read=2,search=1", "--rate", "100", "--duration", "2s", "--warm-up", "1s", "--ramp", "500ms", "--run", "mix");

        var reads = _target.Read.Where(path => !path.Contains("search?", StringComparison.Ordinal)).ToList();
        Assert.All(reads, path => Assert.Matches("^/v1/orders/(old|ord)-[0-9]+$", path));
        // Young orders are read more often: those that the run has placed.
        Assert.Contains(reads, path => path.StartsWith("/v1/orders/ord-", StringComparison.Ordinal));
        var searches = _target.Read.Where(path => path.Contains("search?", StringComparison.Ordinal)).ToList();
        foreach (var part in (string[])["&q=", "&status=", "&customer_id=cus-", "&placed_from=", "&page="])
            Assert.Contains(searches, path => path.Contains(part, StringComparison.Ordinal));
        Assert.Equal(["place", "read", "search"], report["operations"]!.AsObject().Select(entry => entry.Key));
        // Two seconds count, the warm-up before them does not.
        Assert.Equal(2, Number(report["measured_seconds"]));
        Assert.InRange(Number(report["overall"]!["succeeded"]), 130, 270);
        Assert.True(_target.Shop.Orders.Count > Number(report["operations"]!["place"]!["succeeded"]));
        Assert.True((bool)report["timeline"]![0]!["warm_up"]!);
        Assert.InRange(report["timeline"]!.AsArray().Count, 3, 5);
    }

    [Fact]
    public async Task Ended_early_it_reports_what_was_measured()
    {
        await SeedAsync();
        using var stop = new CancellationTokenSource();
        var requests = 0;
        _target.Before = async (_, cancel) =>
        {
            // The 30th is never answered.
            if (Interlocked.Increment(ref requests) < 30) return null;
            await stop.CancelAsync();
            return await new TaskCompletionSource<HttpResponseMessage?>().Task.WaitAsync(cancel);
        };

        var code = await _cli.RunAsync(stop.Token, [.. Sentence, "--scenario", "read", "--rate", "50", "--duration", "1h"]);

        Assert.Equal(1, code);
        var report = await ReportAsync();
        Assert.False((bool)report["finished"]!);
        Assert.Equal((29, 0), (Number(report["overall"]!["succeeded"]), Number(report["overall"]!["failed"])));
        Assert.True(Number(report["interrupted"]) >= 1);
        Assert.InRange(Number(report["measured_seconds"]), 0.1, 30);
        Assert.Contains("broken off: their outcome is unknown", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("stopped", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Say which API")]
    [InlineData("--rate 1 --users 1", "One of --rate, --users and --stages")]
    [InlineData("--rate 0", "--rate must be 0.1 to 100000")]
    [InlineData("--users 10001", "--users must be 1 to 10000")]
    [InlineData("--run a/b", "--run must be up to 64 letters")]
    [InlineData("--stages 10", "--stages must be levels and times")]
    [InlineData("--stages 0@30s", "one above 0")]
    [InlineData("--stages 10@30s --duration 1m", "--duration is for --rate and --users")]
    [InlineData("--closed", "--closed is for --stages")]
    [InlineData("--ramp 2m", "--ramp must not be longer")]
    [InlineData("--think 1s", "--think is for users")]
    [InlineData("--duration 1", "--duration must be a time")]
    [InlineData("--timeout 11m", "--timeout must be a time such as 500ms, 30s, 2m or 1h, 100ms to 10m")]
    [InlineData("--mix place=0", "--mix must be weights")]
    [InlineData("--mix buy=1", "--mix must be weights")]
    [InlineData("--scenario read --mix read=1", "--mix is for --scenario mixed")]
    [InlineData("--scenario pay", "place")]
    [InlineData("--threshold p99<5", "p99 is a time")]
    [InlineData("--threshold latency<5ms", "there is no measure 'latency'")]
    [InlineData("--scenario read --threshold place.p99<5ms", "does not take part")]
    [InlineData("--json /nowhere/at/all.json", "There is no folder /nowhere/at")]
    public async Task Wrong_usage_is_2_and_says_why(string sentence, string reason)
    {
        string[] api = sentence.Length == 0 ? [] : ["--api", "http://shop.example", "--key", "k"];

        Assert.Equal(2, await _cli.RunAsync(["load", .. api, .. sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Contains(reason, _cli.Error + _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_shop_is_no_load_test()
    {
        Assert.Equal(2, await _cli.RunAsync([.. Sentence, "--scenario", "place"]));
        Assert.Contains("Nobody can order", _cli.Error, StringComparison.Ordinal);
        _target.OrdersBefore = 0;
        Assert.Equal(2, await _cli.RunAsync([.. Sentence, "--scenario", "read"]));
        Assert.Contains("There is no order to read", _cli.Error, StringComparison.Ordinal);
    }

    private string[] Sentence => ["load", "--api", "http://shop.example", "--key", "ordk_x", "--json", _cli.PathOf("load.json")];

    /// <summary>When a few requests were answered, none is for so long.</summary>
    private void StallOnce(TimeSpan length)
    {
        var (requests, over) = (0, new TaskCompletionSource<HttpResponseMessage?>());
        _target.Before = async (_, _) =>
        {
            var number = Interlocked.Increment(ref requests);
            if (number < 20) return null;
            if (number == 20)
            {
                var timer = new CancellationTokenSource(length);
                timer.Token.Register(() => over.SetResult(null));
            }

            return await over.Task;
        };
    }

    private Task<int> SeedAsync() => _cli.RunAsync(
        "seed", "--customers", "30", "--addresses", "40", "--products", "20", "--api", "http://shop.example", "--key", "k");

    private async Task<int> RunAsync(params string[] args)
    {
        Assert.Equal(0, await SeedAsync());
        return await _cli.RunAsync([.. Sentence, .. args]);
    }

    private async Task<JsonNode> LoadAsync(params string[] args)
    {
        var code = await RunAsync(args);
        Assert.True(code == 0, _cli.Error + _cli.Output);
        return await ReportAsync();
    }

    private async Task<JsonNode> ReportAsync() => JsonNode.Parse(await File.ReadAllTextAsync(_cli.PathOf("load.json")))!;

    private static double Number(JsonNode? node) => double.Parse(node!.ToString(), CultureInfo.InvariantCulture);
}

using System.Net;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class HistoryCommandTests : IDisposable
{
    private static readonly string[] Small =
        ["history", "--orders", "450", "--customers", "50", "--addresses", "60", "--products", "20", "--from", "2026-10-01"];

    private static readonly string[] Sending = [.. Small, "--part", "100", "--api", "http://shop.example", "--key", "ordk_x"];

    private readonly FakeImport _shop = new();
    private readonly FixedTime _time = new();
    private readonly CliRun _cli;
    private string[] _lines = [];

    public HistoryCommandTests() => _cli = new CliRun { Network = () => _shop, Time = _time };

    public void Dispose()
    {
        _cli.Dispose();
        _shop.Dispose();
    }

    [Fact]
    public async Task A_history_is_sent_in_parts_and_found_and_is_what_the_file_has()
    {
        await WriteLinesAsync();

        Assert.Equal(0, await _cli.RunAsync(Sending));

        Assert.Equal(_lines, _shop.Orders.Values);
        Assert.Equal([100, 100, 100, 100, 50], _shop.Imports.Select(import => import.Lines));
        Assert.Contains("450 orders of run history, seed 42, 2026-10-01 to 2026-11-20, as of 2026-11-21", _cli.Output,
            StringComparison.Ordinal);
        Assert.Contains("orders: 450 new, 0 there already, 0 rejected", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("searchable: all 450,", _cli.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ordk_x", _cli.Output + _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tables_are_sent_first_if_somebody_wants_them_there()
    {
        Assert.Equal(0, await _cli.RunAsync([.. Sending, "--no-wait", "--seed-tables"]));

        Assert.Equal(
            ["/v1/customers/import", "/v1/addresses/import", "/v1/products/import", .. Enumerable.Repeat("/v1/orders/import", 5)],
            _shop.Paths);
    }

    [Fact]
    public async Task Sending_again_changes_nothing()
    {
        await WriteLinesAsync();
        Assert.Equal(0, await _cli.RunAsync(Sending));

        Assert.Equal(0, await _cli.RunAsync(Sending));

        Assert.Equal(_lines, _shop.Orders.Values);
        Assert.Contains("orders: 0 new, 450 there already, 0 rejected", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_was_turned_away_or_torn_is_sent_again()
    {
        await WriteLinesAsync();
        var replies = new Queue<Func<IReadOnlyList<string>, HttpResponseMessage?>>(
        [
            _ => Answer(HttpStatusCode.TooManyRequests), _ => Answer(HttpStatusCode.ServiceUnavailable), _ => null,
            lines =>
            {
                _shop.Store(lines.Take(30));
                throw new HttpRequestException(HttpRequestError.ResponseEnded);
            },
            _ => Answer(HttpStatusCode.InternalServerError), _ => throw new HttpRequestException(HttpRequestError.ConnectionError),
        ]);
        _shop.Interfere = lines => replies.TryDequeue(out var reply) ? reply(lines) : null;

        Assert.Equal(0, await _cli.RunAsync(Sending));

        Assert.Equal(_lines, _shop.Orders.Values);
        Assert.Equal([0, 0, 0, 100, 100, 100, 100, 200, 300, 400], _shop.Imports.Select(import => NumberOf(import.First)));
        Assert.Contains("orders from 100 on: the API answered 500", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("orders: 420 new, 30 there already, 0 rejected", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_ended_goes_on_from_its_state_on_another_day_too()
    {
        await WriteLinesAsync();
        string[] sentence = [.. Sending, "--state", _cli.PathOf("state.json")];
        Assert.Equal(1, await RunAndStopAfterAsync(250, sentence));
        Assert.Contains("200 of 450 orders are acknowledged; the same command again goes on", _cli.Error, StringComparison.Ordinal);
        _shop.Imports.Clear();
        _time.Now += TimeSpan.FromDays(3);

        Assert.Equal(0, await _cli.RunAsync(sentence));

        Assert.Equal(200, NumberOf(_shop.Imports[0].First));
        Assert.Equal(_lines, _shop.Orders.Values);
        Assert.Contains("the first 200 orders are acknowledged already", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("searchable: all 450,", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_ended_without_a_state_begins_again_and_doubles_nothing()
    {
        await WriteLinesAsync();
        Assert.Equal(1, await RunAndStopAfterAsync(250, Sending));

        Assert.Equal(0, await _cli.RunAsync(Sending));

        Assert.Equal(_lines, _shop.Orders.Values);
        Assert.Contains("orders: 200 new, 250 there already, 0 rejected", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seed", "43")]
    [InlineData("--products", "19")]
    [InlineData("--to", "2026-11-01")]
    public async Task The_state_of_another_history_is_refused(params string[] other)
    {
        string[] sentence = [.. Sending, "--state", _cli.PathOf("state.json")];
        Assert.Equal(0, await _cli.RunAsync(sentence));
        _shop.Imports.Clear();

        var at = Array.IndexOf(sentence, other[0]);
        Assert.Equal(2, await _cli.RunAsync(at < 0 ? [.. sentence, .. other] : [.. sentence[..at], .. other, .. sentence[(at + 2)..]]));

        Assert.Contains("is the state of another history", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_shop.Imports);
    }

    [Fact]
    public async Task A_broken_state_is_not_taken_for_a_beginning()
    {
        var file = _cli.Write("state.json", "{\"plan\":");

        Assert.Equal(1, await _cli.RunAsync([.. Sending, "--state", file]));

        Assert.Contains("is not the state of a history", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_shop.Imports);
    }

    [Fact]
    public async Task Rejected_lines_are_counted_and_named_and_a_failure()
    {
        await WriteLinesAsync();
        _shop.Store([_lines[7].Replace("\"web\"", "\"x\"", StringComparison.Ordinal).Replace("\"app\"", "\"x\"", StringComparison.Ordinal)
            .Replace("\"store\"", "\"x\"", StringComparison.Ordinal)]);

        Assert.Equal(1, await _cli.RunAsync(Sending));

        Assert.Contains("orders: 449 new, 0 there already, 1 rejected", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("1 rejected, exists_with_other_content, external_id: another order has it; such as sim/42/history/7", _cli.Output,
            StringComparison.Ordinal);
        Assert.Contains("searchable: all 449,", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_only_when_every_order_is_searchable()
    {
        var looks = 0;
        _shop.IsIndexed = order => (string)order["external_id"]! != "sim/42/history/449" || ++looks > 3;

        Assert.Equal(0, await _cli.RunAsync(Sending));

        Assert.Equal(4, looks);
        Assert.Contains("searchable: all 450,", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_never_becomes_searchable_is_a_failure()
    {
        _shop.IsIndexed = order => (string)order["external_id"]! != "sim/42/history/100";

        Assert.Equal(1, await _cli.RunAsync([.. Sending, "--patience", "1"]));

        Assert.Contains("searchable: NOT all; 179 were found, then 1 were missing for 1 s", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closed_orders_from_before_the_index_begins_are_not_waited_for()
    {
        _shop.IsIndexed = order => (string)order["status"]! is "placed" or "confirmed" or "paid" or "shipped";

        Assert.Equal(0, await _cli.RunAsync([.. Sending, "--search-window", "1"]));

        Assert.Contains("closed orders are too old for the search index", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(450, _shop.Orders.Count);
    }

    [Fact]
    public async Task Nothing_is_searched_for_if_nobody_wants_to_wait()
    {
        Assert.Equal(0, await _cli.RunAsync([.. Sending, "--no-wait"]));

        Assert.Equal((450, 0), (_shop.Orders.Count, _shop.Searches));
        Assert.Contains("searchable: not waited for", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "the key lacks a scope")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "http://shop.example/ does not answer; waited 1 s: the API answered 503")]
    public async Task What_is_not_taken_at_all_is_a_failure_with_its_words(HttpStatusCode status, string words)
    {
        _shop.Interfere = _ => new HttpResponseMessage(status)
        {
            Content = new StringContent("the key lacks a scope"), Headers = { { "Retry-After", "0" } },
        };

        Assert.Equal(1, await _cli.RunAsync([.. Sending, "--patience", "1"]));

        Assert.Contains(words, _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_shop.Orders);
    }

    private async Task WriteLinesAsync()
    {
        Assert.Equal(0, await _cli.RunAsync([.. Small, "--out", _cli.PathOf("history.ndjson")]));
        _lines = await File.ReadAllLinesAsync(_cli.PathOf("history.ndjson"));
        Assert.Equal(450, _lines.Length);
    }

    /// <summary>Stops, as Ctrl+C does, when so many orders are stored and the last of them were not acknowledged.</summary>
    private async Task<int> RunAndStopAfterAsync(int orders, string[] sentence)
    {
        using var stop = new CancellationTokenSource();
        _shop.Interfere = lines =>
        {
            if (_shop.Orders.Count + lines.Count <= orders) return null;
            _shop.Store(lines.Take(orders - _shop.Orders.Count));
            stop.Cancel();
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        };
        var code = await _cli.RunAsync(stop.Token, sentence);
        Assert.Equal(orders, _shop.Orders.Count);
        _shop.Interfere = _ => null;
        return code;
    }

    private static int NumberOf(string externalId) => int.Parse(externalId.Split('/')[^1]);

    private static HttpResponseMessage Answer(HttpStatusCode status) => new(status) { Headers = { { "Retry-After", "0" } } };

    /// <summary>A day that stays; time passes as it does.</summary>
    private sealed class FixedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

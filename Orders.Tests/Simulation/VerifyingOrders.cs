using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Meilisearch;
using Meilisearch.QueryParameters;
using Orders.Contracts;
using Orders.Simulator.Verification;
using Orders.Tests.Support;

namespace Orders.Tests.Simulation;

/// <summary>The running application is verified: while the verifier is killed, and after things were made wrong.</summary>
public sealed class VerifyingOrders(OrdersApplication app) : StormTests, IDisposable
{
    private readonly CliRun _cli = new() { Network = () => new SocketsHttpHandler() };
    private readonly string _run = "t" + Guid.NewGuid().ToString("N")[..12];

    private string Channel => new VerifyPlan("", 42, _run, 0, "").Channel;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_run_whose_process_was_killed_is_gone_on_with_and_every_order_is_everywhere_once()
    {
        const int count = 150, before = 10;
        await app.FillShelvesAsync();
        using (var process = Start(Sentence("--orders", $"{count}", "--rate", "40", "--moves", "0.7", "--in-flight", "8")))
        {
            await Eventually.Is(async () => await PlacedAsync() >= before, "some orders are placed");
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        Assert.InRange(await PlacedAsync(), before, count - 1);
        await AssertProvenAsync(Sentence("--orders", $"{count}", "--sample", "1"));

        var report = await ReportAsync();
        // What is sold out is refused and then restocked: whatever was sent has one of the two ends.
        var placed = Total(report, "acknowledged");
        Assert.Equal((count, 0), (placed + Total(report, "refused"), Total(report, "open")));
        Assert.InRange(placed, before, count);
        Assert.True((int)report["sampled"]! + (int)report["sample_skipped"]! > 0);
        await AssertEverywhereAsync(placed);
    }

    [Fact]
    public async Task What_was_made_wrong_behind_its_back_is_named()
    {
        await app.FillShelvesAsync();
        await AssertProvenAsync(Sentence("--orders", "60", "--moves", "0.7"));
        var ids = await app.Database.ListAsync<string>("select id from orders where channel = $1 order by id", Channel);
        Assert.True(ids.Count >= 3, $"{ids.Count} orders were not refused: {_cli.Output}");
        var (doubled, altered, hidden, copy) = (ids[0], ids[ids.Count / 2], ids[^1], "ord-" + Guid.CreateVersion7());
        var document = await app.Search.Index(WireNames.Indexes.Orders).GetDocumentAsync<JsonElement>(hidden);
        var state = await StateAsync(altered);
        var wrong = JsonNode.Parse(state)!;
        wrong["total"] = 0.01m;
        try
        {
            await CopyAsync(doubled, copy);
            await WriteStateAsync(altered, wrong.ToJsonString());
            await DoneAsync(await app.Search.Index(WireNames.Indexes.Orders).DeleteOneDocumentAsync(hidden));
            await RollUpAsync(1);

            Assert.Equal(1, await _cli.RunAsync([.. Sentence("--check-only").Select(word => word == "30" ? "3" : word)]));

            foreach (var said in new[]
            {
                // The copy has no external id: of orders of one millisecond the verifier may take another one for its original.
                "database, doubled: 1", $"found {copy} as well",
                "database, content: 1", $"({altered}): total: expected", "found 0.01",
                "search, lost: 1", $"({hidden}): expected one document, found nothing", "analytics, sum: 1", "revenue of ",
            })
                Assert.True(_cli.Output.Contains(said, StringComparison.Ordinal), $"{said}: {_cli.Output}");
            Assert.Equal(4, (int)(await ReportAsync())["difference_count"]!);
        }
        finally
        {
            await app.ExecuteAsync("delete from orders where id = $1", copy);
            await WriteStateAsync(altered, state);
            await DoneAsync(await app.Search.Index(WireNames.Indexes.Orders).AddDocumentsJsonAsync($"[{document.GetRawText()}]", "id"));
            await RollUpAsync(-1);
        }

        await AssertProvenAsync(Sentence("--check-only"));
    }

    private async Task AssertProvenAsync(string[] sentence)
    {
        var code = await _cli.RunAsync(sentence);
        Assert.True(code == 0, $"run {_run}: {_cli.Error} {_cli.Output}");
        Assert.Contains("everything that was acknowledged is there, once and right", _cli.Output, StringComparison.Ordinal);
    }

    /// <summary>What the servers themselves say, past the API and past the verifier.</summary>
    private async Task AssertEverywhereAsync(int count)
    {
        var ids = await app.Database.ListAsync<string>(
            "select id from orders where external_id like $1 and channel = $2", $"verify/42/{_run}/%", Channel);
        Assert.Equal(count, ids.Count);
        Assert.Equal(count, await app.Database.ScalarAsync<long>("select count(*) from orders where channel = $1", Channel));
        var versions = (await app.Database.ListAsync<string>(
            "select id || ' ' || version from orders where channel = $1", Channel)).Order().ToList();
        Assert.Contains(versions, version => !version.EndsWith(" 1", StringComparison.Ordinal));
        var histories = await app.Database.ListAsync<string>(
            "select order_id || ' ' || count(*) from order_history where order_id = any($1) group by order_id", (object)ids.ToArray());
        Assert.Equal(versions, histories.Order());
        var hits = await app.Search.Index(WireNames.Indexes.Orders).GetDocumentsAsync<Hit>(new DocumentsQuery
        {
            Filter = $"id IN [{string.Join(',', ids.Select(id => $"\"{id}\""))}]", Fields = ["id", "version"], Limit = count + 1,
        });
        Assert.Equal(versions, hits.Results.Select(hit => $"{hit.Id} {hit.Version}").Order());
        // The cache may lack an order; it may not have another one.
        var cached = 0;
        foreach (var id in ids)
        {
            if (await app.OrderCache.GetAsync(id, CancellationToken.None) is not { } entry) continue;
            var json = Encoding.UTF8.GetString(entry.Json.Span);
            Assert.Equal(await StateAsync(id), json);
            cached++;
        }

        Assert.InRange(cached, 1, count);
    }

    private Process Start(string[] sentence)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Orders.Simulator.dll"));
        foreach (var word in sentence) start.ArgumentList.Add(word);
        var process = Process.Start(start)!;
        // Nobody reads it, and a full pipe would stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private string[] Sentence(params string[] more) =>
    [
        "verify", "--api", app.Api.BaseAddress!.ToString(), "--key", app.AdminToken, "--ledger", _cli.PathOf("ledger.ndjson"),
        "--run", _run, "--json", _cli.PathOf("report.json"), "--patience", "30", .. more,
    ];

    private Task<long> PlacedAsync() => app.Database.ScalarAsync<long>("select count(*) from orders where channel = $1", Channel);

    private Task<string> StateAsync(string id) => app.Database.ScalarAsync<string>(
        "select h.state::text from orders o join order_history h on h.order_id = o.id and h.version = o.version where o.id = $1", id);

    private Task WriteStateAsync(string id, string state) => app.ExecuteAsync(
        """
        update order_history h set state = $2::json from orders o where o.id = $1 and h.order_id = o.id and h.version = o.version
        """, id, state);

    /// <summary>The order once more, under another id.</summary>
    private async Task CopyAsync(string id, string copy)
    {
        await app.ExecuteAsync(
            """
            insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', $2, 'number', $3, 'external_id', null))).*
            from orders o where o.id = $1
            """, id, copy, copy[^9..]);
        await app.ExecuteAsync(
            """
            insert into order_history select (jsonb_populate_record(h, jsonb_build_object(
                'order_id', $2, 'change_id', gen_random_uuid(),
                'state', (h.state::jsonb - 'external_id') || jsonb_build_object('id', $2)))).*
            from order_history h where h.order_id = $1
            """, id, copy);
    }

    private Task RollUpAsync(int more) => app.ExecuteAsync(
        "update analytics.rollups set revenue = revenue + $2 where dimension = 'channel' and value = $1 and bucket = "
        + "(select max(bucket) from analytics.rollups where dimension = 'channel' and value = $1 and grain = 'hour') and grain = 'hour'",
        Channel, (decimal)more);

    private async Task DoneAsync(TaskInfo queued) => Assert.Equal(
        TaskInfoStatus.Succeeded, (await app.Search.WaitForTaskAsync(queued.TaskUid, timeoutMs: 30_000)).Status);

    private async Task<JsonNode> ReportAsync() => JsonNode.Parse(await File.ReadAllTextAsync(_cli.PathOf("report.json")))!;

    private static int Total(JsonNode report, string name) => (int)report["totals"]![name]!;

    private sealed record Hit([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("version")] int Version);
}

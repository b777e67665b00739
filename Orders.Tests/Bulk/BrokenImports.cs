using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using Orders.Api.Features.Bulk;
using Orders.Tests.Access;
using Orders.Tests.Support;

namespace Orders.Tests.Bulk;

/// <summary>Imports that are cut, overtaken, refused and interrupted: every order goes in once or not at all.</summary>
public sealed class BrokenImports(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Four_who_import_the_same_at_once_import_it_once()
    {
        await using var other = await OtherSystem.StartAsync(app, null, ("ImportsMax", "4"));
        var lines = Lines(1500);

        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => other.Api.ImportAsync(n % 2 == 0 ? lines : lines.Reverse())));

        Assert.All(reports, report => Assert.Equal(0, report.Rejected));
        Assert.Equal((1500, 4500), (reports.Sum(report => report.Accepted), reports.Sum(report => report.Unchanged)));
        await AssertOnceAsync(other, 1500);
    }

    [Fact]
    public async Task An_import_that_was_cut_goes_on_when_it_is_sent_again()
    {
        await using var other = await OtherSystem.StartAsync(app, null, ("BatchLinesMax", "10"));
        var lines = Lines(300);
        using (var wire = new TcpClient())
        {
            await wire.ConnectAsync("127.0.0.1", other.Api.BaseAddress!.Port);
            await using var stream = wire.GetStream();
            var body = string.Concat(lines.Take(150).Select(line => line + "\n")) + lines[150][..40];
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"""
                POST /v1/orders/import HTTP/1.1
                Host: localhost
                Authorization: {other.Api.DefaultRequestHeaders.Authorization}
                Content-Type: application/x-ndjson
                Content-Length: 10000000


                """.ReplaceLineEndings("\r\n") + body));
            // All but the batch that is still open go in while the rest has not even come.
            await Eventually.Is(async () => await CountAsync(other) == 150, "150 orders before the cut");
        }

        var report = await other.Api.ImportAsync(lines);

        Assert.Equal((150, 150, 0), report.Counts);
        await AssertOnceAsync(other, 300);
    }

    [Fact]
    public async Task A_database_that_is_away_for_a_moment_is_waited_for()
    {
        Relay? wire = null;
        await using var other = await OtherSystem.StartAsync(app, connection => Through(connection, out wire), ("BatchLinesMax", "20"));
        await using var _ = wire!;
        using var content = new StreamedLines();
        var import = other.Api.PostStreamAsync(content);
        var lines = Lines(400);
        await content.SendAsync(lines[..200]);
        await Eventually.Is(async () => await CountAsync(other) >= 100, "a hundred orders");

        wire!.Cut();
        await content.SendAsync(lines[200..]);
        content.End();
        wire.Mend();

        Assert.Equal((400, 0, 0), (await BulkCalls.ReportAsync(await import)).Counts);
        await AssertOnceAsync(other, 400);
    }

    [Fact]
    public async Task A_database_that_stays_away_ends_the_import_which_says_how_far_it_came()
    {
        Relay? wire = null;
        await using var other = await OtherSystem.StartAsync(
            app, connection => Through(connection, out wire), ("BatchLinesMax", "20"), ("DatabasePatience", "00:00:01"));
        await using var _ = wire!;
        using var content = new StreamedLines();
        var import = other.Api.PostStreamAsync(content);
        var lines = Lines(100);
        await content.SendAsync(lines[..60]);
        await Eventually.Is(async () => await CountAsync(other) == 60, "sixty orders");

        wire!.Cut();
        await content.SendAsync(lines[60..]);
        content.End();
        var reply = await import;

        await Shop.Expect(reply, HttpStatusCode.InternalServerError);
        Assert.Equal("/problems/import_interrupted", await Problem.TypeAsync(reply));
        Assert.Contains("lines up to 60 are settled: 60 accepted", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        wire.Mend();
        Assert.Equal((40, 60, 0), (await other.Api.ImportAsync(lines)).Counts);
        await AssertOnceAsync(other, 100);
    }

    [Fact]
    public async Task What_only_the_database_refuses_does_not_take_the_others_along()
    {
        await using var other = await OtherSystem.StartAsync(app);
        var lines = Lines(100);
        const string Refunds = """[{"id":"ref-018fd118-9400-7000-8000-000000000001","amount":1,"at":"2024-06-01T00:00:00Z"}]""";
        foreach (var n in (int[])[3, 41, 98])
            lines[n] = ImportLineTests.With(lines[n], ("status", "\"paid\""), ("refunds", Refunds)).ReplaceLineEndings("");

        var report = await other.Api.ImportAsync(lines);

        Assert.Equal((98, 0, 2), report.Counts);
        Assert.All(report.RejectedLines, line => Assert.Equal("refused_by_database", line.Code));
        Assert.All(report.RejectedLines, line => Assert.Contains("refund with that id", line.Errors.Single().Reason,
            StringComparison.Ordinal));
        await AssertOnceAsync(other, 98);
    }

    [Fact]
    public async Task A_derived_number_that_somebody_has_gives_way_to_another()
    {
        await using var other = await OtherSystem.StartAsync(app);
        var lines = Lines(2);
        var order = ImportLineTests.Accepted(lines[0]);
        Assert.Equal((1, 0, 0), (await other.Api.ImportAsync([ImportLineTests.With(lines[1], ("number", $"\"{order.Number}\""))])).Counts);

        Assert.Equal((1, 0, 0), (await other.Api.ImportAsync([lines[0]])).Counts);
        Assert.Equal((0, 1, 0), (await other.Api.ImportAsync([lines[0]])).Counts);

        Assert.Equal(DerivedIds.Number(order.Id, 1),
            await other.Database.ScalarAsync<string>("select number from orders where id = $1", order.Id));
        Assert.Equal(Shop.Json(order with { Number = DerivedIds.Number(order.Id, 1) }),
            await other.Database.ScalarAsync<string>("select state::text from order_history where order_id = $1", order.Id));
    }

    [Fact]
    public async Task More_imports_than_there_is_room_for_are_told_to_come_back()
    {
        await using var other = await OtherSystem.StartAsync(app, null, ("ImportsMax", "1"), ("BatchLinesMax", "1"));
        using var content = new StreamedLines();
        var first = other.Api.PostStreamAsync(content);
        await content.SendAsync(Lines(1));
        await Eventually.Is(async () => await CountAsync(other) == 1, "the first import has begun");

        var second = await other.Api.PostLinesAsync(Lines(2));
        content.End();

        await Shop.Expect(second, HttpStatusCode.TooManyRequests);
        Assert.NotNull(second.Headers.RetryAfter);
        Assert.Equal((1, 0, 0), (await BulkCalls.ReportAsync(await first)).Counts);
        Assert.Equal((1, 1, 0), (await other.Api.ImportAsync(Lines(2))).Counts);
    }

    [Fact]
    public async Task Rejected_lines_beyond_the_limit_are_counted_and_long_lines_pass_over()
    {
        await using var other = await OtherSystem.StartAsync(app, null, ("RejectedLinesMax", "2"), ("LineBytesMax", "5000"));
        string[] lines = ["1", "2", new string(' ', 10) + "\"" + new string('x', 2_000_000) + "\"", "4", .. Lines(1)];

        var report = await other.Api.ImportAsync(lines);

        Assert.Equal((1, 0, 4), report.Counts);
        Assert.Equal([1, 2], report.RejectedLines.Select(line => line.Number));
        Assert.Equal(2, report.RejectedLinesOmitted);
    }

    internal static string[] Lines(int count) =>
        [.. Enumerable.Range(0, count).Select(n => ImportLineTests.With(("external_id", $"\"old-{n}\"")).ReplaceLineEndings(""))];

    private static string Through(string connection, out Relay wire)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        wire = Relay.To(settings.Host!, settings.Port);
        (settings.Host, settings.Port) = ("127.0.0.1", wire.Port);
        return settings.ConnectionString;
    }

    private static Task<long> CountAsync(OtherSystem other) => other.Database.ScalarAsync<long>("select count(*) from orders");

    private static async Task AssertOnceAsync(OtherSystem other, int orders)
    {
        Assert.Equal(orders, await CountAsync(other));
        Assert.Equal(orders, await other.Database.ScalarAsync<long>("select count(*) from outbox"));
        Assert.Equal(orders, await other.Database.ScalarAsync<long>("select count(distinct order_id) from outbox"));
        Assert.Equal(orders, await other.Database.ScalarAsync<long>("select count(*) from order_history"));
        Assert.Equal(2 * orders, await other.Database.ScalarAsync<long>("select count(*) from order_items"));
    }
}

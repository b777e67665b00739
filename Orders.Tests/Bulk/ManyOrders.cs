using System.Net;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Bulk;

/// <summary>Streams of many orders: however long they are, no more of them is held at a time.</summary>
public sealed class ManyOrders(OrdersApplication app) : StormTests
{
    private const int Count = 20_000;

    [Fact]
    public async Task Twenty_thousand_orders_go_in_and_out_in_one_go_in_constant_memory()
    {
        await using var other = await OtherSystem.StartAsync(app, settings: ("ExportStallMax", "00:00:02"));
        var held = new List<long>();
        using var content = new GeneratedLines(Count, line =>
        {
            // What is still referenced after a full collection: batches in flight, whatever the number of lines before them.
            if (line is 4_000 or 12_000 or Count - 1) held.Add(GC.GetTotalMemory(forceFullCollection: true));
        });

        var report = await BulkCalls.ReportAsync(await other.Api.PostStreamAsync(content));

        Assert.Equal((Count, 0, 0), report.Counts);
        Assert.True(held.Max() - held[0] < 16 << 20, $"bytes held on the way: {string.Join(", ", held)}");
        Assert.Equal(Count, await other.Database.ScalarAsync<long>("select count(*) from outbox"));
        Assert.Equal(Count, await CountLinesAsync(other));
        await AssertCutOffAsync(other);
    }

    [Fact]
    public async Task An_export_that_breaks_off_has_no_end()
    {
        await using var other = await OtherSystem.StartAsync(app);
        using var content = new GeneratedLines(Count, _ => { });
        await BulkCalls.ReportAsync(await other.Api.PostStreamAsync(content));
        var reply = await other.Api.GetAsync("/v1/orders/export", HttpCompletionOption.ResponseHeadersRead);
        await Shop.Expect(reply, HttpStatusCode.OK);
        await using var stream = await reply.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[1000]);

        // The server waits for us to read on, in the middle of its statement.
        var ended = await other.Database.ListAsync<bool>(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%order by o.id%' "
            + "and pid <> pg_backend_pid() and backend_type = 'client backend'");

        Assert.Equal([true], ended);
        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null));
    }

    /// <summary>A reader who takes a little and then nothing does not keep a statement of the database for ever.</summary>
    private static async Task AssertCutOffAsync(OtherSystem other)
    {
        var reply = await other.Api.GetAsync("/v1/orders/export", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await reply.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[1000]);
        Assert.Equal(1, await ExportsAsync(other));

        await Eventually.Is(async () => await ExportsAsync(other) == 0, "the export has let go of the database");

        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null));
    }

    private static Task<long> ExportsAsync(OtherSystem other) => other.Database.ScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = current_database() and query like '%order by o.id%' and state = 'active' "
        + "and pid <> pg_backend_pid() and backend_type = 'client backend'");

    private static async Task<int> CountLinesAsync(OtherSystem other)
    {
        using var reply = await other.Api.GetAsync("/v1/orders/export", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await reply.Content.ReadAsStreamAsync());
        var count = 0;
        while (await reader.ReadLineAsync() is not null) count++;
        return count;
    }

    /// <summary>Lines that are made as they are sent.</summary>
    private sealed class GeneratedLines(int count, Action<int> at) : HttpContent
    {
        private static readonly string Pattern = ImportLineTests.With(("external_id", "\"old-#\"")).ReplaceLineEndings("") + "\n";

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var n = 0; n < count; n++)
            {
                at(n);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Pattern.Replace("#", n.ToString("D8"), StringComparison.Ordinal)));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

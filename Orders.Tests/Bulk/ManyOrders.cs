using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api.Features.Bulk;
using Orders.Api.Persistence;
using Orders.Tests.Support;

namespace Orders.Tests.Bulk;

/// <summary>Streams of many orders: however long they are, no more of them is held at a time.</summary>
public sealed class ManyOrders(OrdersApplication app) : StormTests
{
    private const int Count = 20_000;

    private static readonly string Pattern = ImportLineTests.With(("external_id", "\"old-#\"")).ReplaceLineEndings("") + "\n";

    [Fact]
    public async Task Twenty_thousand_orders_go_in_and_out_in_one_go_and_an_export_that_breaks_off_has_no_end()
    {
        await using var other = await OtherSystem.StartAsync(app, settings: ("ExportStallMax", "00:00:02"));
        using var content = new GeneratedLines(Count);

        var report = await BulkCalls.ReportAsync(await other.Api.PostStreamAsync(content));

        Assert.Equal((Count, 0, 0), report.Counts);
        Assert.Equal(Count, await other.Database.ScalarAsync<long>("select count(*) from outbox"));
        Assert.Equal(Count, await CountLinesAsync(other));
        await AssertCutOffAsync(other);
        await AssertBrokenOffAsync(other);
    }

    [Fact]
    public async Task Of_a_stream_of_any_length_an_import_holds_three_batches()
    {
        await using var other = await OtherSystem.StartAsync(app);
        var options = new BulkOptions();
        var run = new ImportRun(
            other.Services.GetRequiredService<OrderImporter>(), other.Services.GetRequiredService<RelayLag>(), options,
            other.Services.GetRequiredService<BulkMetrics>(), TimeProvider.System);
        var held = new List<long>();
        await using var lines = new CountedLines(5 * options.BatchLinesMax, given => held.Add(given - run.Report.SettledLine));

        await run.RunAsync(PipeReader.Create(lines), dryRun: false, CancellationToken.None);

        Assert.Equal(5 * options.BatchLinesMax, run.Report.Accepted);
        // One is read, one waits and one is written; reading is a buffer ahead of lines.
        Assert.InRange(held.Max(), options.BatchLinesMax, (3 * options.BatchLinesMax) + 50);
        Assert.Equal(5 * options.BatchLinesMax, await other.Database.ScalarAsync<long>("select count(*) from orders"));
    }

    /// <summary>The server waits for us to read on, in the middle of its statement, and then that breaks.</summary>
    private static async Task AssertBrokenOffAsync(OtherSystem other)
    {
        var reply = await other.Api.GetAsync("/v1/orders/export", HttpCompletionOption.ResponseHeadersRead);
        await Shop.Expect(reply, HttpStatusCode.OK);
        await using var stream = await reply.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[1000]);

        var ended = await other.Database.ListAsync<bool>(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%order by o.id%' "
            + "and state = 'active' and pid <> pg_backend_pid() and backend_type = 'client backend'");

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

    private static byte[] Line(int number) => Encoding.UTF8.GetBytes(
        Pattern.Replace("#", number.ToString("D8", CultureInfo.InvariantCulture), StringComparison.Ordinal));

    /// <summary>Lines that are made as they are sent.</summary>
    private sealed class GeneratedLines(int count) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var n = 0; n < count; n++) await stream.WriteAsync(Line(n));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Lines that are made as they are read, one a read; says how many were given before each.</summary>
    private sealed class CountedLines(int count, Action<int> given) : Stream
    {
        private int _next;
        private ReadOnlyMemory<byte> _line;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_line.IsEmpty && _next < count)
            {
                given(_next);
                _line = Line(_next++);
            }

            var some = _line[..Math.Min(buffer.Length, _line.Length)];
            some.CopyTo(buffer);
            _line = _line[some.Length..];
            return ValueTask.FromResult(some.Length);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

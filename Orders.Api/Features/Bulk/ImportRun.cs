using System.IO.Pipelines;
using System.Threading.Channels;
using Orders.Api.Domain;
using Orders.Api.Features.Imports;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// One import: lines are read and checked while the batch before them is written. Holds three batches at most, whatever the length of
/// the stream; when the database is slower than the sender, the sender waits. What is written stays when the stream breaks.
/// </summary>
internal sealed class ImportRun(OrderImporter importer, RelayLag relay, BulkOptions options, BulkMetrics metrics, TimeProvider time)
{
    /// <summary>Orders come from other clocks, and theirs may be ahead of ours.</summary>
    private static readonly TimeSpan ClocksApartMax = TimeSpan.FromDays(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Guid _id = Guid.CreateVersion7();

    public OrderImportReport Report { get; } = new(options.RejectedLinesMax);

    /// <param name="body">The stream.</param>
    /// <param name="dryRun">Only read and check.</param>
    /// <param name="cancel">Ends the import; the report says how far it came.</param>
    public async Task RunAsync(PipeReader body, bool dryRun, CancellationToken cancel)
    {
        var batches = Channel.CreateBounded<Batch>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = ReadAsync(body, batches.Writer, either.Token);
        try
        {
            // What broke the reading comes out here too, behind the batches that were read before it.
            await foreach (var batch in batches.Reader.ReadAllAsync(either.Token)) await SettleAsync(batch, dryRun, either.Token);
        }
        finally
        {
            // Nobody may read the body any more when the request ends.
            await either.CancelAsync();
            await reading;
        }
    }

    /// <summary>Never fails: what goes wrong ends the channel.</summary>
    private async Task ReadAsync(PipeReader body, ChannelWriter<Batch> batches, CancellationToken cancel)
    {
        try
        {
            var batch = new Batch();
            await foreach (var line in new NdjsonReader(body, options.LineBytesMax).ReadAsync(cancel))
            {
                Read(line, batch);
                if (batch.Lines < options.BatchLinesMax && batch.Bytes < options.BatchBytesMax) continue;
                await batches.WriteAsync(batch, cancel);
                batch = new Batch();
            }

            if (batch.Lines > 0) await batches.WriteAsync(batch, cancel);
            batches.Complete();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            batches.Complete(error);
        }
    }

    private void Read(NdjsonLine line, Batch batch)
    {
        batch.Lines++;
        batch.LastLine = line.Number;
        batch.Bytes += line.Json.Length;
        if (line.Fault is { } fault)
        {
            batch.Rejected.Add(new RejectedOrder(line.Number, null, null, ImportLineReader.Malformed, [new FieldError("line", fault)]));
            return;
        }

        var read = ImportLineReader.Read(line.Json.Span, time.GetUtcNow() + ClocksApartMax);
        if (read.Order is not { } order)
        {
            batch.Rejected.Add(new RejectedOrder(line.Number, read.Id, read.ExternalId, read.Code, read.Errors));
            return;
        }

        var entry = new ImportedOrder(line.Number, order, read.NumberIsDerived ? Renumber : null);
        if (ApiLimits.Order.Refusal(order, entry.Json.Length) is not { } large)
        {
            batch.Orders.Add(entry);
            return;
        }

        batch.Rejected.Add(new RejectedOrder(line.Number, order.Id, order.ExternalId, ProblemTypes.OrderTooLarge.Code,
            [new FieldError(large.Field, large.Reason)]));
    }

    private static string Renumber(OrderState order, int attempt) => DerivedIds.Number(order.Id, attempt);

    private async Task SettleAsync(Batch batch, bool dryRun, CancellationToken cancel)
    {
        if (dryRun) batch.Orders.ForEach(entry => entry.Settle(ImportOutcome.Accepted));
        else if (batch.Orders.Count > 0) await WriteAsync(batch.Orders, cancel);

        var accepted = batch.Orders.Count(entry => entry.Outcome == ImportOutcome.Accepted);
        var unchanged = batch.Orders.Count(entry => entry.Outcome == ImportOutcome.Unchanged);
        Report.Accepted += accepted;
        Report.Unchanged += unchanged;
        var refused = batch.Orders.Where(entry => entry.Outcome == ImportOutcome.Rejected).Select(Rejected);
        foreach (var line in batch.Rejected.Concat(refused).OrderBy(line => line.Line)) Report.Reject(line);
        Report.SettledLine = batch.LastLine;
        if (dryRun) return;
        metrics.Imported(ImportOutcome.Accepted, accepted);
        metrics.Imported(ImportOutcome.Unchanged, unchanged);
        metrics.Imported(ImportOutcome.Rejected, batch.Lines - accepted - unchanged);
    }

    /// <summary>A database that is away for a moment, to restart for example, is waited for: writing again does no harm.</summary>
    private async Task WriteAsync(List<ImportedOrder> orders, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await relay.WaitAsync(cancel);
                await importer.WriteAsync(orders, _id, cancel);
                return;
            }
            catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error)
                && time.GetElapsedTime(started) + pause < options.DatabasePatience)
            {
                await Task.Delay(pause, time, cancel);
            }
        }
    }

    private static RejectedOrder Rejected(ImportedOrder entry) =>
        new(entry.Line, entry.Order.Id, entry.Order.ExternalId, entry.Refusal!.Code, [entry.Refusal.Error]);

    /// <summary>Some lines of the stream, one after the other, and what reading has made of them.</summary>
    private sealed class Batch
    {
        public List<ImportedOrder> Orders { get; } = [];

        public List<RejectedOrder> Rejected { get; } = [];

        public int Lines { get; set; }

        public long Bytes { get; set; }

        public long LastLine { get; set; }
    }
}

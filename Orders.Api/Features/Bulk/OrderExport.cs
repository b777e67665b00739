using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// Orders as a stream of bytes. Invariants: one statement and with it one snapshot, so what is written stood in the database at one
/// instant; a row is read when the reader of the stream has taken those before it, so memory does not depend on their number; a
/// stream that breaks is cut off without its end, so that nobody takes a part for the whole.
/// </summary>
internal sealed partial class OrderExport(
    NpgsqlDataSource database, IOptions<BulkOptions> options, BulkMetrics metrics, ILogger<OrderExport> log, TimeProvider time)
{
    /// <summary>Bytes that are handed over at once.</summary>
    private const int FlushBytes = 32 << 10;

    /// <param name="context">The request; its response gets headers only when the first row is there.</param>
    /// <param name="select">Selects states, one column, in the order in which they are written.</param>
    /// <param name="format">How a state is written.</param>
    public async Task WriteAsync(HttpContext context, NpgsqlCommand select, ExportFormat format)
    {
        using var limit = new CancellationTokenSource(options.Value.ExportDurationMax, time);
        using var stall = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, limit.Token, stall.Token);
        try
        {
            await StreamAsync(context, select, format, stall, either.Token);
        }
        catch (Exception error) when (context.Response.HasStarted && error is not OutOfMemoryException)
        {
            // Too late for a problem: the missing end is all that can be said. A reader who has left is nobody's fault.
            if (limit.IsCancellationRequested) TookTooLong(options.Value.ExportDurationMax);
            else if (stall.IsCancellationRequested) Stalled(options.Value.ExportStallMax);
            else if (!context.RequestAborted.IsCancellationRequested) Broken(error);
            context.Abort();
        }
    }

    private async Task StreamAsync(
        HttpContext context, NpgsqlCommand select, ExportFormat format, CancellationTokenSource stall, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        select.Connection = connection;
        // The whole takes as long as the reader does; how long that may be is bounded by the caller's token.
        select.CommandTimeout = 0;
        var isDone = false;
        await using var rows = await select.ExecuteReaderAsync(cancel);
        try
        {
            // From here on the reader's pace is bounded by us, and a slow one is let be as long as it moves at all.
            if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
            context.Response.ContentType = format.ContentType;
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{format.FileName(time.GetUtcNow())}\"";
            await CopyAsync(rows, context.Response.BodyWriter, format, stall, cancel);
            isDone = true;
        }
        finally
        {
            // Otherwise closing would read all the rest of the rows first.
            if (!isDone) select.Cancel();
        }
    }

    private async Task CopyAsync(
        NpgsqlDataReader rows, PipeWriter body, ExportFormat format, CancellationTokenSource stall, CancellationToken cancel)
    {
        format.Begin(body);
        long count = 0;
        while (await rows.ReadAsync(cancel))
        {
            format.Write(body, State(rows));
            count++;
            if (body.UnflushedBytes >= FlushBytes) await FlushAsync(body, stall, cancel);
        }

        await FlushAsync(body, stall, cancel);
        metrics.Exported(count);
    }

    private static byte[] State(NpgsqlDataReader row) => row.GetFieldValue<byte[]>(0);

    private async Task FlushAsync(PipeWriter body, CancellationTokenSource stall, CancellationToken cancel)
    {
        stall.CancelAfter(options.Value.ExportStallMax);
        await body.FlushAsync(cancel);
        stall.CancelAfter(Timeout.InfiniteTimeSpan);
        cancel.ThrowIfCancellationRequested();
    }

    [LoggerMessage(LogLevel.Warning, "An export took longer than {Limit} and was cut off")]
    private partial void TookTooLong(TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "The reader of an export took nothing for {Limit}: it was cut off")]
    private partial void Stalled(TimeSpan limit);

    [LoggerMessage(LogLevel.Error, "An export broke off and was cut off")]
    private partial void Broken(Exception error);
}

/// <summary>How exported orders look.</summary>
internal abstract class ExportFormat(string contentType, string extension)
{
    public string ContentType => contentType;

    public string FileName(DateTimeOffset now) => FormattableString.Invariant($"orders-{now:yyyyMMdd'T'HHmmss'Z'}.{extension}");

    public virtual void Begin(IBufferWriter<byte> output)
    {
    }

    /// <param name="output">Where it goes.</param>
    /// <param name="state">An order's state, as it is stored.</param>
    public abstract void Write(IBufferWriter<byte> output, byte[] state);
}

/// <summary>The stored bytes, one order a line: they hold no line end, because JSON escapes those within texts.</summary>
internal sealed class NdjsonFormat() : ExportFormat(BulkExtensions.Ndjson, "ndjson")
{
    public override void Write(IBufferWriter<byte> output, byte[] state)
    {
        output.Write(state);
        output.Write("\n"u8);
    }
}

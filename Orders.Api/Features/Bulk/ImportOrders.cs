using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// <c>POST /v1/orders/import</c>: orders that were lived elsewhere, as an NDJSON stream of any length. Every line is accepted or
/// rejected by
/// itself; an order that is there is never touched, so the same stream can be sent again until it went through.
/// </summary>
internal static class ImportOrders
{
    public static async Task<IResult> Handle(
        HttpContext context, string? dry_run, BulkGate gate, OrderImporter importer, RelayLag relay, IOptions<BulkOptions> options,
        BulkMetrics metrics, TimeProvider time, CancellationToken cancel)
    {
        if (!context.Request.HasText(BulkExtensions.Ndjson))
        {
            throw new BadRequestException(
                ProblemTypes.WrongContentType, new FieldError("Content-Type", $"must be {BulkExtensions.Ndjson}"));
        }

        var check = new Check();
        if (dry_run is not null) check.OneOf("dry_run", dry_run, ["true", "false"]);
        if (check.Failed) return check.Problem;
        using var place = gate.TryEnterImport();
        if (place is null) return BulkGate.Full(context, "imports");

        // The length of the stream has no bound: its lines and batches have. A sender below Kestrel's minimum rate is cut off.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        var run = new ImportRun(importer, relay, options.Value, metrics, time);
        try
        {
            await run.RunAsync(context.Request.BodyReader, dry_run == "true", cancel);
        }
        catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            return Problems.Of(ProblemTypes.ImportInterrupted, Settled("the database does not answer", run.Report));
        }
        catch (RelayBehindException error)
        {
            return Problems.Of(ProblemTypes.RelayBehind, Settled(error.Message, run.Report));
        }
        catch (BadHttpRequestException error)
        {
            return Problems.Of(ProblemTypes.ImportCut, Settled("body: " + error.Message, run.Report), new FieldError("body",
                error.Message));
        }

        if (run.Report.Lines > 0) return TypedResults.Ok(run.Report);
        check.Fail("body", "must have at least one line");
        return check.Problem;
    }

    private static string Settled(string why, OrderImportReport report) => FormattableString.Invariant($"""
        {why}; lines up to {report.SettledLine} are settled: {report.Accepted} accepted, {report.Unchanged} unchanged,
        {report.Rejected} rejected
        """).ReplaceLineEndings(" ");
}

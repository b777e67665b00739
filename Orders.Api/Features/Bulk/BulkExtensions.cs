using System.Text;
using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Reading;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Bulk;

internal static class BulkExtensions
{
    public const string Ndjson = "application/x-ndjson";
    public const string Csv = "text/csv";
    public const string CsvUtf8 = "text/csv; charset=utf-8";

    public static void AddBulk(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BulkOptions>()
            .BindConfiguration(BulkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<BulkGate>();
        builder.Services.AddSingleton<BulkMetrics>();
        builder.Services.AddSingleton<RelayLag>();
        builder.Services.AddSingleton<OrderImporter>();
        builder.Services.AddSingleton<OrderExport>();
    }

    public static void MapBulk(this RouteGroupBuilder all)
    {
        var orders = all.MapGroup("");
        orders.MapPost("/import", ImportOrders.Handle).DisableRequestTimeout().RequireScope(Scopes.OrdersWrite, unbound: true)
            .Describe("Import orders", """
                Orders that were lived elsewhere, as a stream of any length: one JSON document a line, in the shape of an order; almost
                everything can be left out. Each line is accepted or rejected by itself. An order that is there is never touched: the same
                line again is `unchanged`, another one is rejected. So a stream that broke off is simply sent again. Takes no stock.
                All fields and rules: `docs/import-export.md`.
                """)
            .TakesStream(Ndjson, Line)
            .Query("dry_run", Values.Flag(false), "Only read and check: nothing is stored, and what is there is not looked at.", false)
            .Replies(200, "What became of the lines.", new ImportReply(3, 1, 1, 1,
                [new RejectedOrder(3, null, "old-1044", ImportLineReader.Invalid,
                    [new FieldError("total", "must be 10.00: subtotal - discount + shipping")])]))
            .Refuses(ProblemTypes.ImportCut, ProblemTypes.ImportInterrupted, ProblemTypes.RelayBehind);
        orders.MapGet("/export", ExportOrders.Handle).DisableRequestTimeout().RequireScope(Scopes.OrdersRead)
            .Describe("Export orders", """
                All orders that the filters select, by id, as they stood at one instant. NDJSON has each order as it is answered by
                `GET /v1/orders/{id}`, a line each, and can be imported again. CSV has a row per order, or per line with `rows=items`.
                A stream without a proper end was cut off and is not whole.
                """)
            .Filtered()
            .Query("format", Values.OneOf(ExportOrders.Formats), "Default: `csv` where Accept names text/csv, otherwise `ndjson`.",
                "ndjson")
            .Query("rows", Values.OneOf(ExportOrders.Rows, "orders"), "What a row of the CSV is.")
            .RepliesText(Ndjson, "The orders.", Line)
            .RepliesText(Csv, "The orders.", "id,number,status\n");
    }

    private static string Line => Encoding.UTF8.GetString(OrderBytes.Of(Examples.Paid)) + "\n";

    /// <summary><see cref="OrderImportReport"/> as the documentation shows it.</summary>
    private sealed record ImportReply(
        long Lines, long Accepted, long Unchanged, long Rejected, IReadOnlyList<RejectedOrder> RejectedLines,
            long? RejectedLinesOmitted = null);
}

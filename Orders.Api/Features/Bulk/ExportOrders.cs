using Npgsql;
using Orders.Api.Access;
using Orders.Api.Features.Reading;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// <c>GET /v1/orders/export</c>: the orders that a filter selects, all of them, by id, as they stood at one instant: NDJSON that can be
/// imported again, or CSV.
/// </summary>
internal static class ExportOrders
{
    public static readonly IReadOnlyList<string> Formats = ["ndjson", "csv"];
    public static readonly IReadOnlyList<string> Rows = ["orders", "items"];

    public static async Task<IResult> Handle(
        HttpContext context, string? format, string? rows, Caller caller, BulkGate gate, OrderExport export)
    {
        var check = new Check();
        var filter = OrderFilter.Read(context.Request.Query, caller, check, "format", "rows");
        if (format is not null) check.OneOf("format", format, Formats);
        if (rows is not null) check.OneOf("rows", rows, Rows);
        var isCsv = (format ?? (Accepts(context.Request, BulkExtensions.Csv) ? "csv" : "ndjson")) == "csv";
        if (rows is not null && !isCsv) check.Fail("rows", "is for format=csv");
        if (check.Failed) return check.Problem;
        using var place = gate.TryEnterExport();
        if (place is null) return BulkGate.Full(context, "exports");

        await using var select = Select(filter);
        await export.WriteAsync(context, select, !isCsv ? new NdjsonFormat() : rows == "items" ? new ItemsCsv() : new OrdersCsv());
        return TypedResults.Empty;
    }

    /// <summary>
    /// One statement, so one snapshot. Ids begin with the time of placing, and both primary keys begin with them: the server can join
    /// as it goes, without sorting everything first.
    /// </summary>
    private static NpgsqlCommand Select(OrderFilter filter)
    {
        var command = new NpgsqlCommand($"""
            select h.state from orders o join order_history h on h.order_id = o.id and h.version = o.version
            where {filter.Where} order by o.id
            """);
        command.With(filter.ToParameters());
        return command;
    }

    private static bool Accepts(HttpRequest request, string type) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase));
}

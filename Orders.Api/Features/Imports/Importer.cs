using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features.Imports;

/// <summary>
/// What the import endpoints of the tables share. <c>application/json</c>: an array, all or none. <c>application/x-ndjson</c>: a stream
/// of any length, each line by itself.
/// </summary>
internal sealed class Importer(OrdersDbContext db, TimeProvider time, IOptions<ImportOptions> options)
{
    public const string Ndjson = "application/x-ndjson";

    /// <summary>How every import works.</summary>
    public static readonly string Description =
        $"`application/json`: 1 to {ApiLimits.ImportRecordsMax} records, all of them stored or none. `{Ndjson}`: any number of lines, "
        + "each stored or rejected by itself, batch by batch while the rest is still on its way; of lines with one id the last wins. When "
        + "the connection breaks, what was stored stays; sending everything again ends in the same rows.";

    /// <summary>Records as lines, for the documentation.</summary>
    public static string Lines<T>(params T[] records) =>
        string.Concat(records.Select(record => JsonSerializer.Serialize(record, Written) + "\n"));

    private static readonly JsonSerializerOptions Written = new(RequestJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = OrdersJson.Encoder,
    };

    public async Task<IResult> RunAsync<T>(HttpContext context, ImportTable<T> table, CancellationToken cancel)
        where T : class
    {
        if (context.Request.HasText(Ndjson)) return await StreamAsync(context, table, cancel);
        if (context.Request.HasText(MediaTypeNames.Application.Json)) return await ArrayAsync(context, table, cancel);
        throw new BadRequestException(
            ProblemTypes.WrongContentType, new FieldError("Content-Type", $"must be application/json or {Ndjson}"));
    }

    private async Task<IResult> ArrayAsync<T>(HttpContext context, ImportTable<T> table, CancellationToken cancel)
        where T : class
    {
        var records = (await JsonBody<List<T?>>.BindAsync(context, null!))!.Value;
        var check = ArrayImport.Validate(table, records);
        if (check.Failed) return check.Problem;

        var refused = await db.StoreAsync<T>(table, records!, allOrNone: true, time.GetUtcNow(), cancel);
        return refused switch
        {
            null => Problems.Of(ProblemTypes.Contended,
                "others kept changing the same records; nothing was stored, try again"),
            [] => TypedResults.Ok(ImportReport.Of(records.Count)),
            _ => ArrayImport.Refuse(table, refused),
        };
    }

    private async Task<IResult> StreamAsync<T>(HttpContext context, ImportTable<T> table, CancellationToken cancel)
        where T : class
    {
        // The length of the stream has no bound: its lines and batches have. A sender below Kestrel's minimum rate is cut off.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        var import = new StreamImport<T>(table, db, time, options.Value);
        try
        {
            await import.RunAsync(context.Request.BodyReader, cancel);
            return TypedResults.Ok(import.Report);
        }
        catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            // Not a 503, which would say that nothing was done.
            return Problems.Of(ProblemTypes.ImportInterrupted,
                string.Create(CultureInfo.InvariantCulture, $"""
                    lines up to {import.SettledLine} are settled: {import.Report.Accepted} accepted, {import.Report.Rejected} rejected;
                    send the stream again from the line after it or as a whole, both end in the same rows
                    """).ReplaceLineEndings(" "));
        }
    }
}

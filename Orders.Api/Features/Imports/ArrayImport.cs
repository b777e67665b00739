using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features.Imports;

/// <summary>
/// What the import endpoints share: a JSON array of records, all of them valid or none stored, upserted by id in one
/// statement. The records travel as one JSON parameter, so a thousand rows cost one round trip.
/// </summary>
internal static class ArrayImport
{
    private static readonly JsonSerializerOptions Columns = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new UtcConverter() },
    };

    /// <param name="Accepted">How many records were stored: all of the request's.</param>
    public sealed record Reply(int Accepted);

    /// <param name="records">The request's records.</param>
    /// <param name="validate">Checks one record; the text is its path, e.g. <c>[3].</c></param>
    /// <param name="key">What makes a record one and the same.</param>
    public static Check Validate<T>(IReadOnlyList<T?> records, Action<T, Check, string> validate, Func<T, string?> key)
        where T : class
    {
        var check = new Check();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (records.Count is 0 or > ApiLimits.ImportRecordsMax)
            check.Fail("body", string.Create(
                CultureInfo.InvariantCulture, $"must be an array of 1 to {ApiLimits.ImportRecordsMax} records"));
        for (var i = 0; i < records.Count && !check.Failed; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"[{i}]");
            if (records[i] is not { } record) check.Fail(at, "must be an object");
            else
            {
                validate(record, check, at + ".");
                if (key(record) is { } id && !seen.Add(id)) check.Fail(at, $"stands more than once ('{id}')");
            }
        }

        return check;
    }

    /// <param name="sql">An upsert that reads the JSON array from parameter <c>@rows</c>.</param>
    public static async Task<IResult> StoreAsync<T>(
        this OrdersDbContext db, string sql, IReadOnlyList<T> rows, Func<PostgresException, IResult?> refusal, CancellationToken cancel)
    {
        var parameter = new NpgsqlParameter("rows", NpgsqlDbType.Json) { Value = JsonSerializer.Serialize(rows, Columns) };
        try
        {
            await db.Database.ExecuteSqlRawAsync(sql, [parameter], cancel);
            return TypedResults.Ok(new Reply(rows.Count));
        }
        catch (PostgresException error) when (refusal(error) is { } reply)
        {
            return reply;
        }
    }

    public static IResult? NoRefusal(PostgresException error) => null;
}

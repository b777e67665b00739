using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features.Imports;

/// <summary>How the records of one table are checked and upserted. The same for arrays and streams.</summary>
internal sealed class ImportTable<T>
    where T : class
{
    /// <summary>Checks one record by itself; the text is its path, e.g. <c>[3].</c>, or nothing.</summary>
    public required Action<T, Check, string> Validate { get; init; }

    /// <summary>What makes a record one and the same; not null in a valid one.</summary>
    public required Func<T, string?> Key { get; init; }

    /// <summary>A second field that no two records may share, if there is one.</summary>
    public Func<T, string?> Unique { get; init; } = _ => null;

    /// <summary>The field that <see cref="Unique"/> answers.</summary>
    public string UniqueField { get; init; } = "";

    /// <summary>
    /// One statement that upserts a JSON array of records and answers the places (0, 1, ...) of those that it refused as
    /// <c>"Value"</c>. Parameters: <c>@records</c> json, <c>@now</c> timestamptz, <c>@all_or_none</c> boolean: one refusal, and
    /// nothing is stored. Rows are written in the order of their ids, as everywhere, so that writers do not lock each other out.
    /// </summary>
    public required string Sql { get; init; }

    /// <summary>What a refusal by the statement means.</summary>
    public FieldError Refusal { get; init; } = new("", "");

    /// <summary>What a refusal is when an array is answered with it.</summary>
    public ProblemType RefusalType { get; init; } = ProblemTypes.InvalidRequest;

    /// <summary>The constraint that fails when somebody else changes what the statement has just looked at.</summary>
    public string? RaceConstraint { get; init; }
}

internal static class ImportWrites
{
    /// <summary>Every failure means that somebody else has just committed; then the statement sees it and refuses by name.</summary>
    private const int AttemptsMax = 5;

    private static readonly JsonSerializerOptions Columns = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new UtcConverter() },
    };

    /// <summary>Upserts records in one round trip: they travel as one JSON parameter.</summary>
    /// <returns>The places of refused records; null when others kept changing the same records: then none is stored.</returns>
    public static async Task<IReadOnlyList<int>?> StoreAsync<T>(
        this OrdersDbContext db, ImportTable<T> table, IReadOnlyList<T> records, bool allOrNone, DateTimeOffset now,
        CancellationToken cancel)
        where T : class
    {
        var json = JsonSerializer.Serialize(records, Columns);
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            object[] parameters =
            [
                new NpgsqlParameter("records", NpgsqlDbType.Json) { Value = json },
                new NpgsqlParameter("all_or_none", NpgsqlDbType.Boolean) { Value = allOrNone },
                new NpgsqlParameter("now", NpgsqlDbType.TimestampTz) { Value = now.UtcDateTime },
            ];
            try
            {
                return await db.Database.SqlQueryRaw<int>(table.Sql, parameters).ToListAsync(cancel);
            }
            catch (PostgresException error) when (error.ConstraintName is { } constraint && constraint == table.RaceConstraint)
            {
                // Once more, with a newer view.
            }
        }

        return null;
    }
}

using System.Globalization;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Imports;

/// <summary>A JSON array of records: all of them valid or none stored, every reason named.</summary>
internal static class ArrayImport
{
    public static Check Validate<T>(ImportTable<T> table, IReadOnlyList<T?> records)
        where T : class
    {
        var check = new Check();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var uniques = new HashSet<string>(StringComparer.Ordinal);
        if (records.Count == 0 || records.Count > ApiLimits.ImportRecordsMax)
            check.Fail("body", string.Create(
                CultureInfo.InvariantCulture, $"must be an array of 1 to {ApiLimits.ImportRecordsMax} records"));
        for (var i = 0; i < records.Count && !check.Failed; i++)
        {
            if (records[i] is not { } record)
            {
                check.Fail(At(i), "must be an object");
                continue;
            }

            table.Validate(record, check, At(i) + ".");
            if (table.Key(record) is { } id && !keys.Add(id)) check.Fail(At(i), $"stands more than once ('{id}')");
            if (table.Unique(record) is { } value && !uniques.Add(value))
                check.Fail($"{At(i)}.{table.UniqueField}", "another record of this array has it");
        }

        return check;
    }

    /// <summary>The reply for records that the database refused.</summary>
    public static IResult Refuse<T>(ImportTable<T> table, IReadOnlyList<int> places)
        where T : class
    {
        FieldError[] fields = [.. places.Order().Select(place => table.Refusal with { Field = $"{At(place)}.{table.Refusal.Field}" })];
        var detail = string.Join("; ", fields.Take(10).Select(field => $"{field.Field}: {field.Reason}"));
        return Problems.Of(table.RefusalType, detail, fields);
    }

    private static string At(int place) => string.Create(CultureInfo.InvariantCulture, $"[{place}]");
}

using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Inbound.Legacy;

/// <summary>What is read of a row; other columns are not looked at.</summary>
/// <param name="Id">The primary key as text.</param>
/// <param name="CustomerId">Null when the column is not there: of a deleted row often the key is all there is.</param>
/// <param name="Amount">As <paramref name="CustomerId"/>.</param>
/// <param name="Status">Null when the table has none.</param>
internal sealed record LegacyRow(string Id, string? CustomerId, decimal? Amount, string? Status)
{
    private const int IdLengthMax = 36;
    private const string Decimal = "org.apache.kafka.connect.data.Decimal";

    /// <summary>The row; null with the reasons in <paramref name="check"/>.</summary>
    public static LegacyRow? Read(LegacyChange change, JsonElement row, LegacyOptions options, Check check)
    {
        var id = Text(row, options.IdColumn);
        check.Text(options.IdColumn, id, max: IdLengthMax);
        var amount = AmountOf(change, row, options.AmountColumn, check);
        return check.Failed
            ? null
            : new LegacyRow(id!, Text(row, options.CustomerColumn)?.TrimEnd(' '), amount, Text(row, options.StatusColumn));
    }

    private static string? Text(JsonElement row, string column) =>
        !row.TryGetProperty(column, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when value.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };

    /// <summary>
    /// A number; digits as text (<c>decimal.handling.mode=string</c>); or the connector's own form: the unscaled number's bytes in base
    /// 64, with the scale beside it or in the schema. Bytes of a number above zero never look like digits: base 64 that begins with a digit
    /// begins with a set sign bit.
    /// </summary>
    private static decimal? AmountOf(LegacyChange change, JsonElement row, string column, Check check)
    {
        if (!row.TryGetProperty(column, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)) return number;
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("value", out var bytes)
            && value.TryGetProperty("scale", out var scale) && scale.TryGetInt32(out var own) && Unscaled(bytes, own) is { } variable)
            return variable;
        if (value.ValueKind == JsonValueKind.String)
        {
            if (ScaleOf(change.Schema, column) is { } known && Unscaled(value, known) is { } scaled) return scaled;
            if (decimal.TryParse(value.GetString()?.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var digits))
                return digits;
        }

        check.Fail(column, "is no amount that can be read: set decimal.handling.mode to string, or send the schema along");
        return null;
    }

    private static decimal? Unscaled(JsonElement value, int scale)
    {
        if (value.ValueKind != JsonValueKind.String || !value.TryGetBytesFromBase64(out var bytes)) return null;
        // More than fits a decimal is no amount.
        if (bytes.Length is 0 or > 12 || scale is < 0 or > 28) return null;
        return (decimal)new BigInteger(bytes, isBigEndian: true) / (decimal)BigInteger.Pow(10, scale);
    }

    /// <summary>The scale that the schema gives a column of <c>after</c>.</summary>
    private static int? ScaleOf(JsonElement schema, string column)
    {
        if (Field(schema, "after") is not { } row || Field(row, column) is not { } field) return null;
        if (!field.TryGetProperty("name", out var name) || !name.ValueEquals(Decimal)) return null;
        return field.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty("scale", out var scale)
            && int.TryParse(scale.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var digits)
                ? digits
                : null;
    }

    private static JsonElement? Field(JsonElement schema, string name)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("fields", out var fields)
            || fields.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var field in fields.EnumerateArray())
        {
            if (field.ValueKind == JsonValueKind.Object && field.TryGetProperty("field", out var called) && called.ValueEquals(name))
                return field;
        }

        return null;
    }

    /// <summary>The status here; placed for a table without any.</summary>
    public OrderStatus? StatusIn(LegacyOptions options) => Status is null ? OrderStatus.Placed : options.StatusOf(Status);
}

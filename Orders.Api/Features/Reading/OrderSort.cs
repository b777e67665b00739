using System.Globalization;
using Npgsql;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Reading;

/// <summary>
/// In which order a list goes, and where in it a page begins. Every sort ends with the id, so that no two orders are equal in it and
/// a page goes on exactly where the last one ended, whatever was placed meanwhile.
/// </summary>
/// <param name="Field">The column of <c>orders o</c>.</param>
/// <param name="Descending">Largest or latest first.</param>
internal sealed record OrderSort(string Field, bool Descending)
{
    private const string Total = "total";

    private static readonly string[] Fields = ["placed_at", "updated_at", Total];

    /// <summary>What a query can ask for; the first is the default.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Fields.SelectMany(field => (string[])["-" + field, field])];

    private string Name => (Descending ? "-" : "") + Field;

    private string Direction => Descending ? "desc" : "asc";

    public static OrderSort Read(string? text, Check check)
    {
        if (text is not null && !Names.Contains(text, StringComparer.Ordinal))
            check.Fail("sort", "must be one of " + string.Join(", ", Names) + "; a leading - sorts downwards");
        var name = text ?? Names[0];
        return new OrderSort(name.TrimStart('-'), name.StartsWith('-'));
    }

    /// <summary>For <c>order by</c>, on the columns of <paramref name="table"/>.</summary>
    public string By(string table, string? field = null) => $"{table}.{field ?? Field} {Direction}, {table}.id {Direction}";

    /// <summary>A condition on <c>orders o</c>: what comes after the order that has these values.</summary>
    public string After(int firstParameter) => string.Create(CultureInfo.InvariantCulture,
        $"(o.{Field}, o.id) {(Descending ? '<' : '>')} (${firstParameter}, ${firstParameter + 1})");

    /// <summary>Says where a page ended. It names sort and filter: with others it would skip or repeat orders unnoticed.</summary>
    public string CursorOf(NpgsqlDataReader row, int value, int id, string filter) => Paging.Cursor(
        Name, filter,
        Field == Total
            ? row.GetDecimal(value).ToString(CultureInfo.InvariantCulture)
            : row.GetFieldValue<DateTimeOffset>(value).UtcTicks.ToString(CultureInfo.InvariantCulture),
        row.GetString(id));

    /// <summary>The values for <see cref="After"/>; null: from the beginning, or it is wrong and <paramref name="check"/> says
    /// why.</summary>
    public NpgsqlParameter[]? Position(string? cursor, string filter, Check check)
    {
        if (check.Failed || Paging.Parts(cursor, 4, check) is not [var sort, var made, var value, var id]) return null;
        if (sort != Name || made != filter)
        {
            check.Fail("cursor", "belongs to another sort or filter: send the same query with it as for the page before");
            return null;
        }

        if (OrderIds.IsId(id) && Value(value) is { } position) return [position, Sql.Text(id)];
        check.Fail("cursor", "is not a cursor of this list");
        return null;
    }

    private NpgsqlParameter? Value(string text)
    {
        if (Field == Total)
        {
            return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                && amount <= Money.Max ? Sql.Amount(amount) : null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks ? Sql.Instant(new DateTimeOffset(ticks, TimeSpan.Zero)) : null;
    }
}

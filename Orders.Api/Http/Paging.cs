using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Orders.Api.Http;

/// <summary>One page of a list; <paramref name="NextCursor"/> is absent on the last one.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

internal static class Paging
{
    /// <summary>Characters of a cursor: a name of 200 characters and an id of 64, each encoded.</summary>
    public const int CursorCharactersMax = 2048;

    /// <summary>Refuses what a list does not know: a misspelt filter that is dropped in silence answers another question.</summary>
    public static void Known(this Check check, IQueryCollection query, params ReadOnlySpan<string> names)
    {
        foreach (var name in query.Keys)
        {
            if (!Contains(names, name)) check.Fail(name, "is not a parameter of this list: " + string.Join(", ", names));
        }

        static bool Contains(ReadOnlySpan<string> names, string wanted)
        {
            foreach (var name in names)
            {
                if (string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase)) return true;
            }

            return false;
        }
    }

    /// <summary>The page size; the default, with the reason in <paramref name="check"/>.</summary>
    public static int Limit(string? text, Check check, string field = "limit")
    {
        if (text is null) return ApiLimits.PageSizeDefault;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit >= 1 && limit <= ApiLimits.PageSizeMax)
            return limit;
        check.Fail(field, string.Create(CultureInfo.InvariantCulture, $"must be a whole number between 1 and {ApiLimits.PageSizeMax}"));
        return ApiLimits.PageSizeDefault;
    }

    /// <summary>A cursor says where the last page ended. Opaque to callers, so that its inside may change.</summary>
    public static string Cursor(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            if (text.Length > 0) text.Append('|');
            text.Append(part.Replace("~", "~0", StringComparison.Ordinal).Replace("|", "~1", StringComparison.Ordinal));
        }

        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The cursor's parts; null when there is no cursor, or with the reason in <paramref name="check"/> when it
    /// is not ours.</summary>
    public static string[]? Parts(string? cursor, int count, Check check)
    {
        if (cursor is null) return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(Math.Min(cursor.Length, CursorCharactersMax))];
        if (cursor.Length <= CursorCharactersMax && Base64Url.IsValid(cursor)
            && Base64Url.TryDecodeFromChars(cursor, bytes, out var written))
        {
            var parts = Encoding.UTF8.GetString(bytes, 0, written).Split('|');
            if (parts.Length == count && parts.All(part => part.Length > 0 && !part.Any(char.IsControl)))
                return [.. parts.Select(Unescaped)];
        }

        NotOurs(check);
        return null;
    }

    /// <summary>For lists that are sorted by an instant and then by an id.</summary>
    public static string Cursor(DateTimeOffset at, string id) => Cursor(at.UtcTicks.ToString(CultureInfo.InvariantCulture), id);

    /// <summary>What <see cref="Cursor(DateTimeOffset, string)"/> was made of; null as <see cref="Parts"/>.</summary>
    public static (DateTimeOffset At, string Id)? Place(string? cursor, Check check)
    {
        if (Parts(cursor, 2, check) is not [var ticks, var id]) return null;
        if (long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks)
            return (new DateTimeOffset(at, TimeSpan.Zero), id);
        NotOurs(check);
        return null;
    }

    public static void NotOurs(Check check) => check.Fail("cursor", "is not a cursor of this list");

    private static string Unescaped(string part) =>
        part.Replace("~1", "|", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    public static Page<T> ToPage<T>(this List<T> rows, int limit, Func<T, string> cursorOf)
    {
        if (rows.Count <= limit) return new Page<T>(rows, null);
        rows.RemoveRange(limit, rows.Count - limit);
        return new Page<T>(rows, cursorOf(rows[^1]));
    }
}

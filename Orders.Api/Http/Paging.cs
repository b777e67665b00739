using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Orders.Api.Http;

/// <summary>One page of a list; <paramref name="NextCursor"/> is absent on the last one.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

internal static class Paging
{
    /// <summary>The page size; the default, with the reason in <paramref name="check"/>.</summary>
    public static int Limit(string? text, Check check, string field = "limit")
    {
        if (text is null) return ApiLimits.PageSizeDefault;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= ApiLimits.PageSizeMax)
            return limit;
        check.Fail(field, string.Create(CultureInfo.InvariantCulture, $"must be a whole number between 1 and {ApiLimits.PageSizeMax}"));
        return ApiLimits.PageSizeDefault;
    }

    /// <summary>A cursor says where the last page ended. Opaque to callers, so that its inside may change.</summary>
    public static string Cursor(params ReadOnlySpan<string> parts) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('|', parts)));

    /// <summary>The cursor's parts; null when there is no cursor, or with the reason in <paramref name="check"/> when it
    /// is not ours.</summary>
    public static string[]? Parts(string? cursor, int count, Check check)
    {
        if (cursor is null) return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(Math.Min(cursor.Length, 512))];
        if (cursor.Length <= 512 && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var written))
        {
            var parts = Encoding.UTF8.GetString(bytes, 0, written).Split('|');
            if (parts.Length == count && parts.All(part => part.Length > 0 && !part.Any(char.IsControl))) return parts;
        }

        check.Fail("cursor", "is not a cursor of this list");
        return null;
    }

    public static Page<T> ToPage<T>(this List<T> rows, int limit, Func<T, string> cursorOf)
    {
        if (rows.Count <= limit) return new Page<T>(rows, null);
        rows.RemoveRange(limit, rows.Count - limit);
        return new Page<T>(rows, cursorOf(rows[^1]));
    }
}

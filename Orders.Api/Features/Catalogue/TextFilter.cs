using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Http;

namespace Orders.Api.Features.Catalogue;

/// <summary>
/// The filter <c>text</c> of a list: every word has to occur somewhere, in any order, whatever its case and accents. Served by a trigram
/// index; one or two letters have no trigram, so one word must have more, or every call would go through the whole table.
/// </summary>
internal static class TextFilter
{
    /// <summary>As the index has it.</summary>
    public const string Products = @"folded(sku || E'\n' || name || E'\n' || description)";

    /// <summary>As the index has it.</summary>
    public const string Customers = @"folded(first_name || ' ' || last_name || E'\n' || email || E'\n' || phone_number)";

    /// <summary>Letters or digits in a row that an index can look up.</summary>
    private const int IndexedCharacters = 3;

    /// <summary>The words; none when there is no text, or with the reason in <paramref name="check"/>.</summary>
    public static string[] Words(string? text, CatalogueOptions options, Check check)
    {
        if (text is null || !check.Text("text", text, options.TextCharactersMax)) return [];
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > options.TextWordsMax)
            check.Fail("text", string.Create(CultureInfo.InvariantCulture, $"must have at most {options.TextWordsMax} words"));
        else if (words.Length > 0 && !Array.Exists(words, IsIndexed))
            check.Fail("text", string.Create(
                CultureInfo.InvariantCulture, $"one word must have {IndexedCharacters} letters or digits in a row"));
        else return words;
        return [];
    }

    /// <summary>Trigrams are made of letters and digits alone.</summary>
    private static bool IsIndexed(string word)
    {
        var row = 0;
        foreach (var letter in word.EnumerateRunes())
        {
            row = Rune.IsLetterOrDigit(letter) ? row + 1 : 0;
            if (row == IndexedCharacters) return true;
        }

        return false;
    }

    /// <param name="rows">The table's rows.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="folded">One of the expressions of this class.</param>
    /// <param name="words">What has to occur; the only part that comes from outside, and it travels as parameters.</param>
    public static IQueryable<T> Containing<T>(this DbSet<T> rows, string table, string folded, string[] words)
        where T : class
    {
        if (words.Length == 0) return rows.AsNoTracking();
        var conditions = words.Select((_, index) => string.Create(
            CultureInfo.InvariantCulture, $"{folded} like folded_pattern({{{index}}})"));
        return rows.FromSqlRaw($"select * from {table} where {string.Join(" and ", conditions)}", [.. words]).AsNoTracking();
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// A row of RFC 4180: commas, CR LF, quotes where they are needed, UTF-8 without a byte order mark. What is not there is empty. A text
/// that a spreadsheet would run as a formula gets an apostrophe in front: what customers type must not calculate on the desks of those
/// who open the file.
/// </summary>
internal sealed class CsvRow(IBufferWriter<byte> output)
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\",\r\n");
    private static readonly SearchValues<char> StartsFormula = SearchValues.Create("=+-@\t\r");

    private bool _isBegun;

    public void Names(IEnumerable<string> names)
    {
        foreach (var name in names) Cell(name);
        End();
    }

    public void Text(string? value)
    {
        if (value is { Length: > 0 } && StartsFormula.Contains(value[0])) value = "'" + value;
        Cell(value ?? "");
    }

    public void Number(int? value) => Cell(value?.ToString(CultureInfo.InvariantCulture) ?? "");

    public void Number(decimal? value) => Cell(value?.ToString(CultureInfo.InvariantCulture) ?? "");

    public void Number(double? value) => Cell(value?.ToString(CultureInfo.InvariantCulture) ?? "");

    public void Instant(DateTimeOffset? value) =>
        Cell(value?.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) ?? "");

    public void End() => output.Write("\r\n"u8);

    private void Cell(string text)
    {
        if (_isBegun) output.Write(","u8);
        _isBegun = true;
        if (text.AsSpan().ContainsAny(Special)) text = $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        Encoding.UTF8.GetBytes(text, output);
    }
}

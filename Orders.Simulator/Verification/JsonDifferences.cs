using System.Globalization;
using System.Text.Json;

namespace Orders.Simulator.Verification;

/// <summary>A place where two documents differ.</summary>
/// <param name="Field">Such as <c>items[0].unit_price</c>.</param>
internal readonly record struct FieldDifference(string Field, string Expected, string Found);

/// <summary>What two JSON documents do not have in common: by content, whatever the order of members and the digits of numbers.</summary>
internal static class JsonDifferences
{
    public const string Nothing = "nothing";

    private const int TextMax = 120;

    public static List<FieldDifference> Between(JsonElement expected, JsonElement found)
    {
        var differences = new List<FieldDifference>();
        Compare("", expected, found, differences);
        return differences;
    }

    private static void Compare(string path, JsonElement? expected, JsonElement? found, List<FieldDifference> into)
    {
        if (expected is { ValueKind: JsonValueKind.Object } one && found is { ValueKind: JsonValueKind.Object } other)
        {
            foreach (var member in one.EnumerateObject())
                Compare(Under(path, member.Name), member.Value, other.TryGetProperty(member.Name, out var there) ? there : null, into);
            foreach (var member in other.EnumerateObject().Where(member => !one.TryGetProperty(member.Name, out _)))
                Compare(Under(path, member.Name), null, member.Value, into);
        }
        else if (expected is { ValueKind: JsonValueKind.Array } list && found is { ValueKind: JsonValueKind.Array } others)
        {
            for (var i = 0; i < Math.Max(list.GetArrayLength(), others.GetArrayLength()); i++)
            {
                Compare(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), At(list, i), At(others, i), into);
            }
        }
        else if (!AreSame(expected, found))
        {
            into.Add(new FieldDifference(path, Text(expected), Text(found)));
        }
    }

    private static bool AreSame(JsonElement? expected, JsonElement? found)
    {
        if (expected is not { } one || found is not { } other || one.ValueKind != other.ValueKind) return false;
        return one.ValueKind switch
        {
            JsonValueKind.String => one.ValueEquals(other.GetString()),
            JsonValueKind.Number => one.TryGetDecimal(out var a) && other.TryGetDecimal(out var b)
                ? a == b : one.GetRawText() == other.GetRawText(),
            _ => one.GetRawText() == other.GetRawText(),
        };
    }

    private static JsonElement? At(JsonElement list, int index) => index < list.GetArrayLength() ? list[index] : null;

    private static string Under(string path, string name) => path.Length == 0 ? name : path + "." + name;

    private static string Text(JsonElement? value)
    {
        if (value is not { } there) return Nothing;
        var text = there.ValueKind == JsonValueKind.String ? there.GetString()! : there.GetRawText();
        return text.Length <= TextMax ? text : text[..TextMax] + "...";
    }
}

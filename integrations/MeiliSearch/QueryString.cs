using System.Globalization;
using System.Text.Json;

namespace Meilisearch;

internal static class QueryString
{
    /// <summary>The address with those parameters that have a value.</summary>
    public static string Of(string uri, params (string Name, object Value)[] parameters)
    {
        var pairs = parameters
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(Text(parameter.Value))}");
        var query = string.Join('&', pairs);
        return query.Length == 0 ? uri : $"{uri}?{query}";
    }

    /// <summary>Comma separated, enumeration values as the server spells them; null for an absent list.</summary>
    public static string Join<T>(List<T> values) =>
        values is null ? null : string.Join(',', values.Select(Spell));

    private static string Text(object value) => value is DateTime at
        ? at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture);

    private static string Spell<T>(T value) =>
        value is Enum ? JsonNamingPolicy.CamelCase.ConvertName(value.ToString()) : value.ToString();
}

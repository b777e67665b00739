using System.Globalization;
using System.Text.Json.Nodes;

namespace Orders.Tests.Contracts;

/// <summary>
/// What a change of a schema would break, as "path: reason". Whoever has sent a valid message before must be able to go on, and an archive
/// must stay readable: nothing may be refused that was allowed. Whoever reads what Orders writes must be able to go on too: nothing that
/// was promised may be missing or of another kind, so what is written must not be loosened either.
/// </summary>
/// <param name="written">Orders writes it; others, and older consumers of Orders, read it.</param>
internal sealed class SchemaCompatibility(bool written)
{
    private static readonly string[] Lower = ["minimum", "minLength", "minItems"];
    private static readonly string[] Upper = ["maximum", "maxLength", "maxItems"];
    private static readonly string[] Fixed = ["pattern", "format", "multipleOf", "oneOf", "anyOf", "$id"];

    private readonly List<string> _breaks = [];

    /// <param name="before">The released schema, whole.</param>
    /// <param name="after">The schema as it is to be, whole.</param>
    public List<string> Breaks(JsonObject before, JsonObject after)
    {
        Compare(before, after, "$");
        return _breaks;
    }

    private void Compare(JsonObject before, JsonObject after, string at)
    {
        Types(before, after, at);
        Values(before, after, at);
        Required(before, after, at);
        foreach (var keyword in Lower) Bound(before, after, keyword, at, narrower: (old, now) => now > old);
        foreach (var keyword in Upper) Bound(before, after, keyword, at, narrower: (old, now) => now < old);
        foreach (var keyword in Fixed)
        {
            if (!JsonNode.DeepEquals(before[keyword], after[keyword])) _breaks.Add($"{at}: {keyword} has changed");
        }

        if (IsClosed(after) && !IsClosed(before)) _breaks.Add($"{at}: unknown fields are refused now");
        var properties = after["properties"]?.AsObject();
        foreach (var (name, property) in before["properties"]?.AsObject() ?? [])
        {
            if (properties?[name] is JsonObject same) Compare(property!.AsObject(), same, $"{at}.{name}");
            else _breaks.Add($"{at}.{name}: is gone");
        }

        if (before["items"] is not JsonObject items) return;
        if (after["items"] is JsonObject sameItems) Compare(items, sameItems, $"{at}[]");
        else if (written) _breaks.Add($"{at}[]: is no longer described");
    }

    private void Types(JsonObject before, JsonObject after, string at)
    {
        var (old, now) = (TypesOf(before), TypesOf(after));
        if (now is not null && (old is null || !Covers(now, old))) _breaks.Add($"{at}: the type is narrower");
        if (written && old is not null && (now is null || !Covers(old, now))) _breaks.Add($"{at}: the type is another");

        static bool Covers(HashSet<string> types, HashSet<string> others) =>
            others.All(type => types.Contains(type) || (type == "integer" && types.Contains("number")));
    }

    private void Values(JsonObject before, JsonObject after, string at)
    {
        var (old, now) = (ValuesOf(before), ValuesOf(after));
        if (now is not null && (old is null || !old.IsSubsetOf(now))) _breaks.Add($"{at}: a value is no longer allowed");
        if (written && old is not null && (now is null || !now.IsSubsetOf(old)))
            _breaks.Add($"{at}: there is a value that readers do not know");
    }

    private void Required(JsonObject before, JsonObject after, string at)
    {
        var (old, now) = (Names(before), Names(after));
        _breaks.AddRange(now.Except(old).Select(name => $"{at}.{name}: is required now"));
        if (written) _breaks.AddRange(old.Except(now).Select(name => $"{at}.{name}: is no longer promised"));

        static HashSet<string> Names(JsonObject schema) =>
            [.. schema["required"]?.AsArray().Select(name => (string)name!) ?? []];
    }

    private void Bound(JsonObject before, JsonObject after, string keyword, string at, Func<decimal, decimal, bool> narrower)
    {
        var (old, now) = (Number(before, keyword), Number(after, keyword));
        if (now is { } bound && (old is null || narrower(old.Value, bound))) _breaks.Add($"{at}: {keyword} is narrower");
        if (written && old != now) _breaks.Add($"{at}: {keyword} has changed");
    }

    private static bool IsClosed(JsonObject schema) => schema["additionalProperties"] is JsonValue value && !(bool)value;

    private static HashSet<string>? TypesOf(JsonObject schema) => schema["type"] switch
    {
        null => null,
        JsonArray many => [.. many.Select(type => (string)type!)],
        var one => [(string)one!],
    };

    private static HashSet<string>? ValuesOf(JsonObject schema) =>
        schema["const"] is { } one ? [one.ToJsonString()]
        : schema["enum"] is JsonArray many ? [.. many.Select(value => value!.ToJsonString())]
        : null;

    private static decimal? Number(JsonObject schema, string keyword) => schema[keyword] is { } bound
        ? decimal.Parse(bound.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
        : null;
}

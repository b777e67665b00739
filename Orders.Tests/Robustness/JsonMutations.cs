using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Tests.Docs;

namespace Orders.Tests.Robustness;

/// <summary>
/// Breaks a JSON body at one of its values. What cannot be a node of a tree (numbers out of every range, lone surrogates, repeated
/// members) is put into its text.
/// </summary>
internal static class JsonMutations
{
    private const string Mark = "@@here@@";

    private static readonly string[] OtherTypes =
        ["null", "true", "\"text\"", "0", "1.5", "{}", "[]", "[[]]", "[null]", "{\"a\":1}", "\"\""];

    private static readonly string[] UnknownNames =
    [
        "extra", "ID", "Items", "__proto__", "$type", "constructor", "", "customer_id ", "toString", "\\u0000", "total", "status",
        "version",
    ];

    public static void Mutate(HostileRequest request, ApiDocument document, Random random)
    {
        // Members that the example leaves out are attacked too.
        if (random.Next(3) == 0) AddOptional(request, document, random);
        var slots = new List<(JsonNode? Parent, string? Name, int Index)> { (null, null, 0) };
        Collect(request.Json, slots);
        var slot = slots.Count == 1 || random.Next(20) == 0 ? slots[0] : slots[random.Next(1, slots.Count)];
        switch (random.Next(12))
        {
            case 0 or 1: Replace(request, slot, random.Any(OtherTypes), "other type"); break;
            case 2: Replace(request, slot, "null", "null"); break;
            case 3: Remove(request, slot); break;
            case 4: AddUnknown(request, random); break;
            case 5: Repeat(request, random); break;
            case 6 or 7: Replace(request, slot, random.Any(Garbage.JsonNumbers), "number"); break;
            case 8 or 9: Replace(request, slot, $"\"{random.Any(Garbage.JsonStrings)}\"", "text"); break;
            case 10: Replace(request, slot, $"\"{Garbage.Long(random)}\"", "long text"); break;
            default: ReplaceByLots(request, slot, random); break;
        }
    }

    private static void Collect(JsonNode? node, List<(JsonNode? Parent, string? Name, int Index)> slots)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, member) in members)
            {
                slots.Add((members, name, 0));
                Collect(member, slots);
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                slots.Add((items, null, i));
                Collect(items[i], slots);
            }
        }
    }

    private static void Replace(HostileRequest request, (JsonNode? Parent, string? Name, int Index) slot, string raw, string what)
    {
        request.Mutations.Add($"{what} at {slot.Name ?? $"[{slot.Index}]"}");
        if (slot.Parent is JsonObject members) members[slot.Name!] = Mark;
        else if (slot.Parent is JsonArray items) items[slot.Index] = Mark;
        else request.Json = JsonValue.Create(Mark);
        var text = request.Json!.ToJsonString(Garbage.JsonText).Replace($"\"{Mark}\"", raw, StringComparison.Ordinal);
        request.Body = Encoding.UTF8.GetBytes(text);
    }

    private static void Remove(HostileRequest request, (JsonNode? Parent, string? Name, int Index) slot)
    {
        request.Mutations.Add($"without {slot.Name ?? $"[{slot.Index}]"}");
        if (slot.Parent is JsonObject members) members.Remove(slot.Name!);
        else if (slot.Parent is JsonArray items) items.RemoveAt(slot.Index);
        else request.Body = [];
    }

    private static void AddUnknown(HostileRequest request, Random random)
    {
        var text = request.Json!.ToJsonString(Garbage.JsonText);
        var open = text.IndexOf('{', StringComparison.Ordinal);
        if (open < 0) return;
        var comma = text[open + 1] == '}' ? "" : ",";
        var name = random.Any(UnknownNames);
        request.Body = Encoding.UTF8.GetBytes(text.Insert(open + 1, $"\"{name}\":{random.Any(OtherTypes)}{comma}"));
        request.Mutations.Add($"unknown member {name}");
    }

    private static void Repeat(HostileRequest request, Random random)
    {
        var text = request.Json!.ToJsonString(Garbage.JsonText);
        using var whole = JsonDocument.Parse(text);
        var target = whole.RootElement.ValueKind == JsonValueKind.Array && whole.RootElement.GetArrayLength() > 0
            ? whole.RootElement[0] : whole.RootElement;
        if (target.ValueKind != JsonValueKind.Object || target.EnumerateObject().ToList() is not { Count: > 0 } members) return;
        var member = random.Any(members);
        var open = text.IndexOf('{', StringComparison.Ordinal);
        request.Body = Encoding.UTF8.GetBytes(text.Insert(open + 1, $"\"{member.Name}\":{member.Value.GetRawText()},"));
        request.Mutations.Add($"{member.Name} twice");
    }

    /// <summary>Depth and breadth.</summary>
    private static void ReplaceByLots(HostileRequest request, (JsonNode? Parent, string? Name, int Index) slot, Random random)
    {
        var raw = random.Next(5) switch
        {
            0 => Garbage.Nested(random.Any([14, 15, 16, 17, 64, 65]), random.Next(2) == 0),
            1 => Garbage.Nested(random.Any([1000, 10_000, 100_000]), random.Next(2) == 0),
            2 => "[" + string.Join(',', Enumerable.Repeat(random.Any(OtherTypes), random.Any([101, 1001, 100_000]))) + "]",
            3 => "{" + string.Join(',', Enumerable.Range(0, random.Any([100, 10_000])).Select(i => $"\"m{i}\":1")) + "}",
            _ => new string('9', random.Any([30, 400, 10_000])),
        };
        Replace(request, slot, raw, "lots");
    }

    private static void AddOptional(HostileRequest request, ApiDocument document, Random random)
    {
        var schema = document.Resolve(request.Operation.Bodies[0].Media["schema"]!);
        if (request.Json is not JsonObject body || schema["properties"] is not JsonObject known) return;
        var missing = known.Select(property => property.Key).Where(name => !body.ContainsKey(name)).ToList();
        if (missing.Count > 0) body[random.Any(missing)] = "x";
    }
}

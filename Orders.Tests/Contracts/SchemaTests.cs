using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Orders.Api.Features.Changing;
using Orders.Api.Features.Placing;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Tests.Contracts;

/// <summary>The schemas say what the code writes and reads, and never take back what they have said.</summary>
[Unit]
public sealed class SchemaTests
{
    public static TheoryData<string> All => [.. SchemaFiles.Names(SchemaFiles.Current)];

    [Fact]
    public void Every_event_and_every_command_has_a_schema() =>
        Assert.Empty(OrderEventTypes.All.Concat(InboundCommand.Types).Append("order").Append("dead-letter")
            .Except(SchemaFiles.Names(SchemaFiles.Current).Select(name => name.Split('/')[0])));

    /// <summary>A schema that is not among the released could change at will: copy it there with the change that brings it.</summary>
    [Fact]
    public void Every_schema_is_released_and_none_that_was_released_is_gone() =>
        Assert.Equal(SchemaFiles.Names(SchemaFiles.Released), SchemaFiles.Names(SchemaFiles.Current));

    [Theory]
    [MemberData(nameof(All))]
    public void No_schema_breaks_what_was_released(string name) =>
        Assert.Empty(new SchemaCompatibility(IsWritten(SchemaFiles.Read(SchemaFiles.Released, name))).Breaks(
            SchemaFiles.Whole(SchemaFiles.Released, name), SchemaFiles.Whole(SchemaFiles.Current, name)));

    [Theory]
    [MemberData(nameof(All))]
    public void Every_schema_names_itself(string name)
    {
        var schema = SchemaFiles.Read(SchemaFiles.Current, name);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string?)schema["$schema"]);
        Assert.Equal("/v1/schemas/" + name, (string?)schema["$id"]);
        Assert.Contains((string?)schema["$comment"], (string[])["event", "data", "command", "record"]);
    }

    private static readonly (string Name, bool Breaks, Action<JsonObject> Change)[] Changes =
    [
        ("a field is removed", true, order => Fields(order).Remove("channel")),
        ("a field is renamed", true, order => Rename(Fields(order), "total", "grand_total")),
        ("a nested field is removed", true, order => Fields(Nested(order, "item")).Remove("sku")),
        ("a nested field is renamed", true, order => Rename(Fields(Nested(order, "customer")), "email", "mail")),
        ("a field becomes required", true, order => order["required"]!.AsArray().Add("reason")),
        ("a new field is required", true, order =>
        {
            Fields(order)["region"] = new JsonObject { ["type"] = "string" };
            order["required"]!.AsArray().Add("region");
        }),
        ("a type is another", true, order => Field(order, "number")["type"] = "integer"),
        ("a type is narrower", true, order => Field(order, "total")["type"] = "integer"),
        ("a type appears", true, order => Field(Nested(order, "destination"), "lat")["type"] = "string"),
        ("a status is taken away", true, order => Field(order, "status")["enum"]!.AsArray().RemoveAt(0)),
        ("a text becomes a choice", true, order => Field(order, "channel")["enum"] = new JsonArray("web", "app")),
        ("a length is bounded", true, order => Field(order, "channel")["maxLength"] = 10),
        ("a number is bounded", true, order => Field(order, "total")["maximum"] = 1000),
        ("a lower bound is raised", true, order => Field(order, "version")["minimum"] = 2),
        ("a pattern is another", true, order => Field(order, "currency")["pattern"] = "^EUR$"),
        ("a format appears", true, order => Field(order, "number")["format"] = "uuid"),
        ("unknown fields are refused", true, order => order["additionalProperties"] = false),
        ("unknown fields are refused deep inside", true, order => Nested(order, "payment")["additionalProperties"] = false),
        ("the name is another", true, order => order["$id"] = "/v1/schemas/orders/1"),
        ("a new field may be there", false, order => Fields(order)["gift_note"] = new JsonObject { ["type"] = "string" }),
        ("a new nested field may be there", false, order => Fields(Nested(order, "item"))["colour"] = new JsonObject()),
        ("words are better", false, order => order["description"] = "An order."),
    ];

    private static readonly (string Name, bool Breaks, Action<JsonObject> Change)[] ChangesOfWritten =
    [
        ("a promise is taken back", true, order => order["required"]!.AsArray().RemoveAt(0)),
        ("a type is wider", true, order => Field(order, "version")["type"] = "number"),
        ("a type is gone", true, order => Field(order, "channel").Remove("type")),
        ("a status is added", true, order => Field(order, "status")["enum"]!.AsArray().Add("lost")),
        ("a bound is gone", true, order => Field(order, "total").Remove("minimum")),
    ];

    public static TheoryData<string, bool> Mutations
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var change in Changes.Concat(ChangesOfWritten)) data.Add(change.Name, true);
            foreach (var change in Changes.Concat(ChangesOfWritten)) data.Add(change.Name, false);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_breaking_change_is_found_and_no_other(string name, bool written)
    {
        var (_, breaks, change) = Changes.Concat(ChangesOfWritten).Single(known => known.Name == name);
        var changed = SchemaFiles.Read(SchemaFiles.Released, "order/1");
        change(changed);

        var found = new SchemaCompatibility(written).Breaks(
            SchemaFiles.Whole(SchemaFiles.Released, "order/1"), SchemaFiles.Whole(SchemaFiles.Released, changed));

        var expected = breaks && (written || Changes.Any(known => known.Name == name));
        Assert.True(expected == found.Count > 0, $"{name}: {string.Join("; ", found)}");
    }

    [Fact]
    public void The_schemas_name_the_fields_that_the_code_writes()
    {
        Same(SchemaFiles.OfType("order"), OrdersJson.Default.OrderState);
        foreach (var type in OrderEventTypes.All) Same(SchemaFiles.OfType(type), OrdersJson.Default.OrderEvent);
        Same(SchemaFiles.OfType("dead-letter"), OrdersJson.Default.DeadLetter);
    }

    [Fact]
    public void The_schemas_of_commands_name_the_fields_that_the_code_reads()
    {
        foreach (var type in InboundCommand.Types) Same(SchemaFiles.OfType(type), OrdersJson.Default.InboundCommand, deep: false);
        SameData(Data("orders.place"), typeof(OrderRequest));
        SameData(Data("orders.pay"), typeof(PayOrder.Request));
        SameData(Data("orders.ship"), typeof(ShipOrder.Request));
        SameData(Data("orders.return"), typeof(ReturnOrder.Request));
        SameData(Data("orders.cancel"), typeof(CancelOrder.Request));
        SameData(Data("orders.fail"), typeof(ReasonBody));

        static JsonObject Data(string type) => Fields(SchemaFiles.OfType(type))["data"]!.AsObject();

        static void SameData(JsonObject schema, Type type)
        {
            var fields = Fields(schema);
            fields.Remove("order_id");
            if (type != typeof(OrderRequest)) fields.Remove("external_id");
            Same(schema, RequestJson.Options.GetTypeInfo(type));
        }
    }

    [Fact]
    public void The_agreed_event_is_valid_and_a_broken_one_is_not()
    {
        var golden = JsonNode.Parse(File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Contracts", "Golden", "order.placed.v1.json")))!;
        Assert.Empty(SchemaFiles.Errors(SchemaFiles.OfType("orders.placed"), golden));
        golden["data"]!.AsObject().Remove("total");
        golden["data"]!["items"]![0]!["quantity"] = "2";
        Assert.Equal(2, SchemaFiles.Errors(SchemaFiles.OfType("orders.placed"), golden).Count);
    }

    private static bool IsWritten(JsonObject schema) =>
        (string?)schema["$comment"] is "event" or "data" || (string?)schema["$id"] == "/v1/schemas/dead-letter/1";

    /// <summary>The same fields, and whatever the code must have is required.</summary>
    private static void Same(JsonObject schema, JsonTypeInfo type, bool deep = true, string at = "$")
    {
        var known = type.Properties.Where(property => property is { IsExtensionData: false, Get: not null }).ToList();
        Assert.Equal(
            known.Select(property => $"{at}.{property.Name}").Order(StringComparer.Ordinal),
            Fields(schema).Select(field => $"{at}.{field.Key}").Order(StringComparer.Ordinal));
        var required = schema["required"]?.AsArray().Select(name => (string)name!).ToHashSet(StringComparer.Ordinal) ?? [];
        Assert.Empty(known.Where(property => property.IsRequired && !required.Contains(property.Name)).Select(p => $"{at}.{p.Name}"));
        if (!deep) return;
        foreach (var property in known)
        {
            var field = Field(schema, property.Name);
            var inner = type.Options.GetTypeInfo(property.PropertyType);
            if (inner.Kind == JsonTypeInfoKind.Enumerable && field["items"] is JsonObject items)
                (field, inner) = (items, type.Options.GetTypeInfo(inner.ElementType!));
            if (inner.Kind == JsonTypeInfoKind.Object && field.ContainsKey("properties")) Same(field, inner, deep, $"{at}.{property.Name}");
            else Assert.True(inner.Kind != JsonTypeInfoKind.Object, $"{at}.{property.Name} is not described");
        }
    }

    private static JsonObject Fields(JsonObject schema) => schema["properties"]!.AsObject();

    private static JsonObject Field(JsonObject schema, string name) => Fields(schema)[name]!.AsObject();

    private static JsonObject Nested(JsonObject schema, string name) => schema["$defs"]![name]!.AsObject();

    private static void Rename(JsonObject fields, string from, string to)
    {
        var field = fields[from]!.DeepClone();
        fields.Remove(from);
        fields[to] = field;
    }
}

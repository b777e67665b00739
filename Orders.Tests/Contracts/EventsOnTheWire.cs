using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;
using Orders.Tests.Bulk;
using Orders.Tests.Inbound;
using Orders.Tests.Support;
using Orders.Tests.Webhooks;

namespace Orders.Tests.Contracts;

/// <summary>What the running system writes is what its schemas say, and what it does not know it keeps.</summary>
public sealed class EventsOnTheWire(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Every_event_that_is_written_is_valid_and_says_where_its_schema_is()
    {
        var shop = await Shop.OpenAsync(app);
        await LiveAsync(shop);

        // Those of changes that orders have been through: other tests write events of their own.
        var events = (await app.Database.ListAsync<string>(
                "select payload::text from outbox b join order_history h on (h.order_id, h.version) = (b.order_id, b.version)"))
            .Select(payload => JsonNode.Parse(payload)!.AsObject()).ToList();
        var schemas = OrderEventTypes.All.ToDictionary(type => type, type => SchemaFiles.OfType(type), StringComparer.Ordinal);
        Assert.Empty(OrderEventTypes.All.Except(events.Select(written => (string)written["type"]!)));
        var wrong = events.SelectMany(written => SchemaFiles.Errors(schemas[(string)written["type"]!], written)
            .Select(error => $"{(string)written["id"]!}: {error}")).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {events.Count}: {string.Join("; ", wrong.Take(10))}");

        using var nobody = app.ApiWith(null);
        foreach (var address in events.Select(written => (string)written["dataschema"]!).Distinct())
        {
            var reply = await nobody.GetAsync(address);
            await Shop.Expect(reply, HttpStatusCode.OK);
            Assert.Equal("application/schema+json", reply.Content.Headers.ContentType?.MediaType);
            Assert.Equal(address, (string?)JsonNode.Parse(await reply.Content.ReadAsStringAsync())!["$id"]);
        }
    }

    [Fact]
    public async Task Every_schema_of_the_repository_is_served_as_it_stands()
    {
        using var nobody = app.ApiWith(null);
        var listed = (await nobody.GetFromJsonAsync<JsonElement>("/v1/schemas")).GetProperty("items").EnumerateArray()
            .Select(entry => entry.GetProperty("address").GetString()!["/v1/schemas/".Length..]).ToList();
        Assert.Equal(SchemaFiles.Names(SchemaFiles.Current), listed.Order(StringComparer.Ordinal));
        foreach (var name in listed)
        {
            Assert.Equal(
                await File.ReadAllTextAsync(Path.Combine(SchemaFiles.Current, name + ".json")),
                await nobody.GetStringAsync("/v1/schemas/" + name));
        }

        foreach (var none in (string[])["order/2", "order/01", "order/x", "nothing/1"])
            await Shop.Expect(await nobody.GetAsync("/v1/schemas/" + none), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_dead_letter_that_is_written_is_valid()
    {
        var topic = new InboundTopic(app);
        var key = Guid.NewGuid().ToString();
        await topic.SendAsync(key, ["poison", InboundTopic.Command("orders.confirm", new { external_id = key })]);
        await PublishAsync(key, "poison"u8.ToArray());
        await topic.DrainAsync(key);

        var schema = SchemaFiles.OfType("dead-letter");
        await Eventually.Holds(async () =>
        {
            var all = await Task.Run(() => TopicReader.Values(app.Kafka, WireNames.Topics.InboundDeadLetter)
                .Concat(TopicReader.Values(app.Kafka, WireNames.Topics.OrderEventsDeadLetter)).ToList());
            var letters = all.Where(value => value.StartsWith('{')).Select(value => JsonNode.Parse(value)!).ToList();
            var ours = letters.Where(letter => (string?)letter["key"] == Convert.ToBase64String(Encoding.UTF8.GetBytes(key)))
                .Select(letter => (string)letter["topic"]!).ToList();
            // Two commands, and the event once for every projection.
            Assert.Equal(2, ours.Count(from => from == WireNames.Topics.Inbound));
            Assert.InRange(ours.Count(from => from == WireNames.Topics.OrderEvents), 3, 20);
            Assert.Empty(letters.SelectMany(letter => SchemaFiles.Errors(schema, letter)));
        });
    }

    [Fact]
    public async Task Fields_of_a_newer_version_survive_everybody_who_passes_them_on()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var order = await subscriber.Shop.PlaceAsync((await subscriber.Shop.AddProductAsync(), 2));
        // As a newer api has left it: a field that this one does not know, wherever there can be one.
        var newer = JsonNode.Parse(Shop.Json(order))!.AsObject();
        foreach (var part in (JsonNode[])[newer, newer["customer"]!, newer["destination"]!, newer["items"]![0]!])
            part["gift"] = new JsonObject { ["note"] = "felicidades", ["price"] = 1.50m };
        Assert.Single(await app.Database.ListAsync<int>(
            "update order_history set state = $2::json where order_id = $1 returning version", order.Id, newer.ToJsonString()));

        var confirmed = await subscriber.Shop.DoAsync(order, "confirm");
        var paid = await subscriber.Shop.DoAsync(confirmed, "pay", new { method = "card", amount = order.Total });
        var shipped = await subscriber.Shop.DoAsync(paid, "ship", new { carrier = "SEUR" });

        AssertGifts(4, await subscriber.Shop.GetTextAsync(order.Id));
        AssertGifts(4, await app.Database.ScalarAsync<string>(
            "select state::text from order_history where order_id = $1 and version = 4", order.Id));
        AssertGifts(4, await app.Database.ScalarAsync<string>(
            "select payload::text from outbox where order_id = $1 and version = 4", order.Id));
        var hooks = await subscriber.ArrivedAsync(OrderEvent.IdOf(order.Id, 4));
        AssertGifts(4, Encoding.UTF8.GetString(hooks.Single(hook => hook.Version == 4).Body));
        Assert.Single(await subscriber.Shop.FoundAsync(shipped));
    }

    [Fact]
    public async Task An_event_of_a_newer_producer_passes_every_consumer()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var order = await subscriber.Shop.PlaceAsync((await subscriber.Shop.AddProductAsync(), 2));
        await subscriber.Shop.FoundAsync(order);
        var payload = JsonNode.Parse(await app.Database.ScalarAsync<string>(
            "select payload::text from outbox where order_id = $1", order.Id))!.AsObject();
        payload["id"] = OrderEvent.IdOf(order.Id, 2);
        payload["type"] = "orders.gift_wrapped";
        payload["sequence"] = "9";
        payload["dataschema"] = "/v1/schemas/order/2";
        payload["data"]!["version"] = 2;
        payload["data"]!["gift"] = new JsonObject { ["note"] = "felicidades" };
        payload["data"]!["items"]![0]!["gift"] = true;
        var bytes = Encoding.UTF8.GetBytes(payload.ToJsonString());
        await PublishAsync(order.Id, bytes);

        Assert.Single(await subscriber.Shop.FoundAsync(order with { Version = 2 }));
        var hooks = await subscriber.ArrivedAsync(OrderEvent.IdOf(order.Id, 2));
        Assert.Equal(bytes, hooks.Single(hook => hook.Version == 2).Body);
        await Eventually.Holds(async () => AssertGifts(2, await subscriber.Shop.GetTextAsync(order.Id)));
        Assert.DoesNotContain(
            TopicReader.DeadLetters(app.Kafka), letter => KeyBytes.TextOf(letter.Key) == order.Id);
    }

    private async Task PublishAsync(string key, byte[] value)
    {
        using var producer = app.Kafka.CreateRawProducer();
        await producer.ProduceAsync(WireNames.Topics.OrderEvents, new Message<string, byte[]> { Key = key, Value = value });
    }

    /// <summary>One event of each type at least.</summary>
    private async Task LiveAsync(Shop shop)
    {
        var product = await shop.AddProductAsync();
        var order = await shop.PlaceAsync((product, 3));
        using var edit = new HttpRequestMessage(HttpMethod.Patch, $"/v1/orders/{order.Id}")
        {
            Content = JsonContent.Create(new { items = new[] { new { product_id = product, quantity = 2 } } }),
        };
        edit.Headers.TryAddWithoutValidation("If-Match", "\"v1\"");
        var edited = await app.Api.SendAsync(edit);
        await Shop.Expect(edited, HttpStatusCode.OK);
        order = Shop.Read(await edited.Content.ReadAsByteArrayAsync());
        object onePiece = new { carrier = "SEUR", lines = new[] { new { line = 1, quantity = 1 } } };
        (string Move, object? Body)[] moves =
        [
            ("confirm", null), ("pay", new { method = "card", amount = order.Total }),
            ("ship", onePiece), ("ship", new { carrier = "SEUR" }), ("deliver", null),
            ("return", new { lines = new[] { new { line = 1, quantity = 1 } }, reason = "too bright" }), ("return", null),
        ];
        foreach (var (move, body) in moves) order = await shop.DoAsync(order, move, body);
        await Shop.Ok(await app.Api.PostAsJsonAsync($"/v1/orders/{order.Id}/refunds", new { amount = 1.00m, reason = "a scratch" }));
        var cancelled = await shop.DoAsync(await shop.PlaceAsync((product, 1)), "cancel", new { reason = "changed my mind" });
        await shop.DoAsync(cancelled, "pay", new { method = "transfer", amount = 1.00m });
        order = await shop.DoAsync(await shop.PaidAsync((product, 3)), "ship", onePiece);
        order = await shop.DoAsync(order, $"shipments/{order.Shipments![0].Id}/lost");
        await shop.DoAsync(order, "cancel", new { items = new[] { new { line = 1, quantity = 1 } } });
        await shop.DoAsync(await shop.PlaceAsync((product, 1)), "fail");
        var late = await shop.PlaceAsync((product, 1));
        await shop.AgeAsync(late);
        await Eventually.Get(() => shop.HistoryAsync(late.Id), history => history.Count == 2, "the end of the reservation");
        Assert.Equal((1, 0, 0), (await app.Api.ImportAsync([ImportingOrders.Line(shop, "a")])).Counts);
    }

    private static void AssertGifts(int count, string json) =>
        Assert.Equal(count, json.Split("\"gift\"").Length - 1);
}

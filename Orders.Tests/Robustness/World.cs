using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Api.DeadLetters;
using Orders.Api.Docs;
using Orders.Api.Features.Discounts;
using Orders.Api.Features.Jobs;
using Orders.Api.Features.People;
using Orders.Api.Features.Webhooks;
using Orders.Contracts;
using Orders.Tests.Docs;
using Orders.Tests.Support;

namespace Orders.Tests.Robustness;

/// <summary>
/// What examples need to work: a shop with rows of its own, and orders in every state. It puts the ids of real rows where the
/// documentation has those of <see cref="Examples"/>. What an operation overwrites or deletes is never what others need.
/// </summary>
internal sealed class World : IDisposable
{
    /// <summary>The state that an order must be in for an operation's example; all others take any order.</summary>
    private static readonly Dictionary<string, string> StateFor = new(StringComparer.Ordinal)
    {
        ["payOrder"] = "confirmed",
        ["shipOrder"] = "paid",
        ["deliverOrder"] = "shipped",
        ["returnOrder"] = "delivered",
        ["refundOrder"] = "paid",
        ["loseParcel"] = "shipped",
        ["listRefunds"] = "refunded",
        ["getRefund"] = "refunded",
    };

    private readonly OrdersApplication _app;
    private readonly Shop _shop;
    private readonly ConcurrentQueue<string> _orders = new();
    private int _fresh;

    private World(OrdersApplication app, Shop shop, string token, string productId)
    {
        (_app, _shop, Token, ProductId) = (app, shop, token, productId);
        Api = app.ApiWith(token);
    }

    /// <summary>A key that may do everything as often as it likes.</summary>
    public string Token { get; }

    public HttpClient Api { get; }

    /// <summary>The one product that is ordered.</summary>
    public string ProductId { get; }

    public Shop Shop => _shop;

    /// <summary>Orders that requests may be about.</summary>
    public IReadOnlyCollection<string> Orders => _orders;

    public static async Task<World> OpenAsync(OrdersApplication app)
    {
        var key = await app.Api.PostAsJsonAsync("/v1/keys", new
        {
            name = "robustness", scopes = new[] { "admin" }, requests_per_second = 1_000_000, burst = 1_000_000,
        });
        await Shop.Expect(key, HttpStatusCode.Created);
        var token = (await key.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        var shop = await Shop.OpenAsync(app);
        var product = await app.Api.PostAsJsonAsync("/v1/products", new
        {
            sku = $"SKU-{Guid.NewGuid():N}", name = "Lámpara", category = "hogar", price = Examples.Product.Price, currency = "EUR",
            weight = Examples.Product.Weight, stock = 10_000_000,
        });
        await Shop.Expect(product, HttpStatusCode.Created);
        return new World(app, shop, token, (await product.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
    }

    /// <summary>Remembers an order that a request made.</summary>
    public void Met(string orderId)
    {
        _orders.Enqueue(orderId);
        if (_orders.Count > 200) _orders.TryDequeue(out _);
    }

    /// <summary>Ids for an example of the operation that must work: the order is a new one, in the state that it needs.</summary>
    public async Task<Dictionary<string, string>> PrepareAsync(ApiOperation operation)
    {
        var state = StateFor.GetValueOrDefault(operation.Id, "placed");
        var order = operation.Path.StartsWith("/v1/orders/{id}", StringComparison.Ordinal)
            ? await OrderAsync(state)
            : await _shop.PlaceAsync((ProductId, 1));
        var ids = await IdsAsync(operation, order.Id, order.Refunds?[0].Id);
        if (order.Shipments is [var parcel, ..]) ids[Examples.Shipped.Shipments![0].Id] = parcel.Id;
        return ids;
    }

    /// <summary>Ids for a request that is about to be broken: rows that exist and nobody else needs.</summary>
    public async Task<Dictionary<string, string>> AnyAsync(ApiOperation operation, Random random) =>
        await IdsAsync(operation, _orders.ElementAt(random.Next(_orders.Count)), null);

    /// <summary>An order in a state: placed, confirmed, paid, refunded (in part), shipped or delivered.</summary>
    public async Task<OrderState> OrderAsync(string state)
    {
        var order = await _shop.PlaceAsync((ProductId, 2));
        (string Move, object Body)[] moves =
        [
            ("confirm", new { }), ("pay", new { method = "card", amount = order.Total }),
            state == "refunded" ? ("refunds", new { amount = 1.00m }) : ("ship", new { carrier = "correos" }), ("deliver", new { }),
        ];
        var count = Array.IndexOf(["placed", "confirmed", "paid", state == "refunded" ? "refunded" : "shipped", "delivered"], state);
        foreach (var (move, body) in moves.Take(count))
        {
            var reply = await Api.PostAsJsonAsync($"/v1/orders/{order.Id}/{move}", body);
            await Shop.Expect(reply, HttpStatusCode.OK, HttpStatusCode.Created);
            order = Shop.Read(System.Text.Encoding.UTF8.GetBytes(await _shop.GetTextAsync(order.Id)));
        }

        return order;
    }

    /// <summary>A row that the operation may change or delete, by the literal that stands for it in the example.</summary>
    private async Task<Dictionary<string, string>> IdsAsync(ApiOperation operation, string orderId, string? refundId)
    {
        var fresh = $"{Interlocked.Increment(ref _fresh)}-{Guid.NewGuid():N}"[..30];
        var isImport = operation.Path.EndsWith("/import", StringComparison.Ordinal);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Examples.OrderId] = orderId,
            [Examples.CustomerId] = operation.Id == "importCustomers" ? "cus-" + fresh : _shop.CustomerId,
            [Examples.AddressId] = isImport ? "add-" + fresh : _shop.AddressId,
            [Examples.ProductId] = isImport ? "pro-" + fresh : ProductId,
            [Examples.Product.Sku] = "SKU-" + fresh,
            [Examples.Refund.Id] = refundId ?? Examples.Refund.Id,
        };
        // For reads, too: a mutation may turn one into a DELETE.
        await MakeVictimsAsync(operation, ids, fresh);
        if (operation.Path.StartsWith("/v1/keys/{id}", StringComparison.Ordinal))
            ids[Examples.KeyId] = await MakeAsync("/v1/keys", new { name = "to be broken", scopes = new[] { "orders:read" } });
        if (operation.Path.StartsWith("/v1/orders/requests/{id}", StringComparison.Ordinal))
            ids[Examples.RequestId] = await RequestAsync();
        if (operation.Path.StartsWith("/v1/admin/jobs/{id}", StringComparison.Ordinal)) ids[Jobs.ExampleId] = await JobAsync();
        ids[DiscountBody.Example.Code!] = "F" + fresh.ToUpperInvariant();
        if (operation.Path.StartsWith("/v1/discounts/{code}", StringComparison.Ordinal))
            await MakeAsync("/v1/discounts", DiscountBody.Example with { Code = ids[DiscountBody.Example.Code!] }, "code");
        if (operation.Path.StartsWith("/v1/webhooks/{id}", StringComparison.Ordinal)) await AddWebhookAsync(ids);
        if (operation.Path.StartsWith("/v1/admin/dead-letters/{id}", StringComparison.Ordinal))
            ids[DeadLetterExtensions.ExampleId] = await DeadLetterAsync();
        if (operation.Path.StartsWith("/v1/admin/set-aside-events/{id}", StringComparison.Ordinal)) await SetAsideAsync(orderId);
        return ids;
    }

    /// <summary>Rows for the operation to make, change or delete.</summary>
    private async Task MakeVictimsAsync(ApiOperation operation, Dictionary<string, string> ids, string fresh)
    {
        if (operation.Id == "createCustomer") ids[Examples.CustomerId] = "cus-" + fresh;
        if (operation.Id == "createAddress") ids[Examples.AddressId] = "add-" + fresh;
        if (operation.Id == "createProduct") ids[Examples.ProductId] = "pro-" + fresh;
        if (operation.Path.StartsWith("/v1/products/{id}", StringComparison.Ordinal))
            ids[Examples.ProductId] = await _shop.AddProductAsync();
        if (operation.Path.StartsWith("/v1/customers/{id}", StringComparison.Ordinal))
        {
            var customer = CustomerBody.Example with { ClientId = "cus-" + fresh };
            ids[Examples.CustomerId] = await MakeAsync("/v1/customers", customer, "client_id");
        }

        if (operation.Path.StartsWith("/v1/addresses/{id}", StringComparison.Ordinal))
        {
            var address = AddressBody.Example with { ClientId = _shop.CustomerId, AddressId = "add-" + fresh };
            ids[Examples.AddressId] = await MakeAsync("/v1/addresses", address, "address_id");
        }
    }

    /// <summary>A record that nothing can be made of, as its consumer would have left it.</summary>
    private async Task<string> DeadLetterAsync() => (await _app.Database.ListAsync<string>(
        """
        insert into dead_letters (id, consumer, topic, partition, position, reason, detail, failed_at, key, value, recorded_at)
        values ($1, 'orders-inbound', 'orders.inbound', 0, 0, 'malformed_json', 'is not valid JSON', now(), 'k', 'not json', now())
        returning id
        """, $"dlt-{Guid.NewGuid():N}")).Single();

    /// <summary>The order's first event, as if Kafka had refused it.</summary>
    private Task<int> SetAsideAsync(string orderId) => _app.ExecuteAsync(
        """
        insert into outbox_set_aside (id, order_id, version, type, payload, bytes, reason, detail, set_aside_at)
        select order_id || '.1', order_id, 1, type, payload, 1, 'MsgSizeTooLarge', 'made by a test', now()
        from outbox where order_id = $1 and version = 1 limit 1
        on conflict (id) do update set state = 'open', settled_at = null, settled_by = null, note = null
        """, orderId);

    private async Task AddWebhookAsync(Dictionary<string, string> ids)
    {
        var body = new { url = WebhookExamples.Url, event_types = new[] { "orders.failed" } };
        var made = await Api.PostAsJsonAsync("/v1/webhooks", body);
        for (; made.StatusCode == HttpStatusCode.Conflict; made = await Api.PostAsJsonAsync("/v1/webhooks", body)) await MakeRoomAsync();
        await Shop.Expect(made, HttpStatusCode.Created);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        ids[WebhookExamples.Id] = id;
        var test = await Api.PostAsync($"/v1/webhooks/{id}/test", null);
        // Somebody else may have needed the room.
        if (test.StatusCode == HttpStatusCode.NotFound) return;
        await Shop.Expect(test, HttpStatusCode.Accepted);
        // Longer than the order's id that it begins with, so it is looked for first.
        ids[WebhookExamples.EventId] = (await test.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private async Task<string> JobAsync()
    {
        var reply = await Api.PostAsync("/v1/admin/search/window", null);
        await Shop.Expect(reply, HttpStatusCode.Accepted);
        return (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>There may be only so many.</summary>
    private async Task MakeRoomAsync()
    {
        var page = await Api.GetFromJsonAsync<JsonElement>("/v1/webhooks?limit=20");
        foreach (var webhook in page.GetProperty("items").EnumerateArray())
            await Api.DeleteAsync($"/v1/webhooks/{webhook.GetProperty("id").GetString()}");
    }

    /// <summary>An order that is placed later.</summary>
    private async Task<string> RequestAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders")
        {
            Content = JsonContent.Create(new
            {
                customer_id = _shop.CustomerId,
                address_id = _shop.AddressId,
                items = new[] { new { product_id = ProductId, quantity = 1 } },
            }),
        };
        request.Headers.Add("Prefer", "respond-async");
        var reply = await Api.SendAsync(request);
        await Shop.Expect(reply, HttpStatusCode.Accepted);
        return reply.Headers.Location!.ToString().Split('/')[^1];
    }

    private async Task<string> MakeAsync(string address, object body, string key = "id")
    {
        var reply = await Api.PostAsJsonAsync(address, body, OrdersJson.Options());
        await Shop.Expect(reply, HttpStatusCode.Created);
        return (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(key).GetString()!;
    }

    public void Dispose() => Api.Dispose();

    /// <summary>Real ids in the place of the examples', in every string of a value.</summary>
    public static JsonNode? Fill(JsonNode? value, IReadOnlyDictionary<string, string> ids) => value switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Fill(member.Value, ids)))),
        JsonArray items => new JsonArray([.. items.Select(item => Fill(item, ids))]),
        { } text when text.GetValueKind() == JsonValueKind.String => JsonValue.Create(Fill(text.GetValue<string>(), ids)),
        _ => value?.DeepClone(),
    };

    public static string Fill(string text, IReadOnlyDictionary<string, string> ids) =>
        ids.OrderByDescending(id => id.Key.Length).Aggregate(
            text, (filled, id) => filled.Replace(id.Key, id.Value, StringComparison.Ordinal));
}

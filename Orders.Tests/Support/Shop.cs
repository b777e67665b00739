using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orders.Contracts;

namespace Orders.Tests.Support;

/// <summary>What a test wants from the application, in a test's words. Every shop has a customer, an address and products
/// of its own.</summary>
internal sealed class Shop(OrdersApplication app)
{
    private readonly string _tag = Guid.NewGuid().ToString("N")[..12];

    public string CustomerId => $"cus-{_tag}";

    public string AddressId => $"add-{_tag}";

    /// <summary>A word that no other order holds: it is the customer's last name.</summary>
    public string Word => "Zz" + _tag;

    public static async Task<Shop> OpenAsync(OrdersApplication app, string status = "active")
    {
        var shop = new Shop(app);
        await Ok(await app.Api.PostAsJsonAsync("/v1/customers/import", new[]
        {
            new
            {
                client_id = shop.CustomerId, first_name = "Ana", last_name = shop.Word, email = $"ana.{shop._tag}@example.com",
                phone_number = "+34600000000", date_of_birth = "1980-02-29", gender = "Female", occupation = "Panadera",
                created_at = "2022-06-28", updated_at = "2023-10-21", status,
            },
        }));
        await Ok(await app.Api.PostAsJsonAsync("/v1/addresses/import", new[]
        {
            new
            {
                client_id = shop.CustomerId, address_id = shop.AddressId, neighborhood = "Sol", coordinates = new[] { 40.4169, -3.7035 },
                road = "Calle de Alcalá", house_number = "1", suburb = "Sol", city_district = "Centro", state = "Comunidad de Madrid",
                postcode = "28014", country = "España", lat = "40.4169", lon = "-3.7035",
            },
        }));
        return shop;
    }

    public async Task<string> AddProductAsync(string name = "Lámpara", decimal price = 19.99m, bool active = true, int stock = 1_000_000)
    {
        var reply = await app.Api.PostAsJsonAsync("/v1/products", new
        {
            sku = $"SKU-{Guid.NewGuid():N}", name, description = "de mesa", category = "hogar", manufacturer = "Luz", price,
            currency = "EUR", weight = 1.25m, stock, active,
        });
        await Ok(reply);
        using var product = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return product.RootElement.GetProperty("id").GetString()!;
    }

    public Task<HttpResponseMessage> TryPlaceAsync(params (string ProductId, int Quantity)[] lines) => TryPlaceAsync(null, lines);

    public Task<HttpResponseMessage> TryPlaceAsync(string? code, params (string ProductId, int Quantity)[] lines) =>
        app.Api.PostAsJsonAsync("/v1/orders", new
        {
            customer_id = CustomerId,
            address_id = AddressId,
            channel = "web",
            discount_code = code,
            items = lines.Select(line => new { product_id = line.ProductId, quantity = line.Quantity }),
        });

    public Task<OrderState> PlaceAsync(params (string ProductId, int Quantity)[] lines) => PlaceAsync(null, lines);

    /// <summary>An order with a discount code.</summary>
    public async Task<OrderState> PlaceAsync(string? code, params (string ProductId, int Quantity)[] lines)
    {
        var reply = await TryPlaceAsync(code, lines);
        await Expect(reply, HttpStatusCode.Created);
        return Read(await reply.Content.ReadAsByteArrayAsync());
    }

    /// <summary>An order that was placed, confirmed and paid.</summary>
    public async Task<OrderState> PaidAsync(params (string ProductId, int Quantity)[] lines)
    {
        var order = await DoAsync(await PlaceAsync(lines), "confirm");
        return await DoAsync(order, "pay", new { method = "card", reference = "R-1", amount = order.Total });
    }

    public async Task<OrderState> DeliveredAsync(params (string ProductId, int Quantity)[] lines)
    {
        var order = await PaidAsync(lines);
        await DoAsync(order, "ship", new { carrier = "Correos", tracking = "T-1" });
        return await DoAsync(order, "deliver");
    }

    /// <summary>Posts to <c>/v1/orders/{id}/{move}</c> and gives the order that comes back.</summary>
    public async Task<OrderState> DoAsync(OrderState order, string move, object? body = null)
    {
        var reply = await SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/{move}", body);
        await Expect(reply, HttpStatusCode.OK);
        return Read(await reply.Content.ReadAsByteArrayAsync());
    }

    /// <summary>As if its last change had been eight days ago.</summary>
    public async Task AgeAsync(OrderState order)
    {
        var then = order.UpdatedAt.AddDays(-8);
        var aged = Shop.Json(order with { UpdatedAt = then, PlacedAt = then });
        await app.Database.ListAsync<int>("update order_history set state = $2::json where order_id = $1 returning 1", order.Id, aged);
        await app.Database.ListAsync<int>("update orders set updated_at = $2, placed_at = $2 where id = $1 returning 1", order.Id, then);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (body is not null) request.Content = JsonContent.Create(body);
        return await app.Api.SendAsync(request);
    }

    public async Task<List<(int Version, string Type, string Status)>> HistoryAsync(string orderId)
    {
        var reply = await app.Api.GetAsync($"/v1/orders/{orderId}/history");
        await Expect(reply, HttpStatusCode.OK);
        using var page = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return [.. page.RootElement.GetProperty("items").EnumerateArray().Select(entry => (
            entry.GetProperty("version").GetInt32(), entry.GetProperty("type").GetString()!, entry.GetProperty("status").GetString()!))];
    }

    public async Task<string> GetTextAsync(string orderId)
    {
        var reply = await app.Api.GetAsync($"/v1/orders/{orderId}");
        await Expect(reply, HttpStatusCode.OK);
        return await reply.Content.ReadAsStringAsync();
    }

    /// <summary>The documents of the search index that match a query, through the API.</summary>
    public async Task<List<OrderDocument>> SearchAsync(string query, string more = "")
    {
        var reply = await app.Api.GetAsync($"/v1/orders/search?q={Uri.EscapeDataString(query)}&page_size=200{more}");
        await Expect(reply, HttpStatusCode.OK);
        using var page = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return [.. page.RootElement.GetProperty("hits").EnumerateArray()
            .Select(hit => hit.Deserialize(OrdersJson.Default.OrderDocument)!)];
    }

    /// <summary>Waits until search answers with this very version of the order.</summary>
    public Task<List<OrderDocument>> FoundAsync(OrderState order) =>
        Eventually.Get(() => SearchAsync(Word), hits => hits.Any(hit => hit.Id == order.Id && hit.Version == order.Version),
            $"order {order.Id} version {order.Version} in search");

    public static OrderState Read(byte[] json) => JsonSerializer.Deserialize(json, OrdersJson.Default.OrderState)!;

    public static string Json(OrderState order) =>
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(order, OrdersJson.Default.OrderState));

    public static Task Ok(HttpResponseMessage reply) =>
        Expect(reply, [HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent]);

    /// <summary>The status, or a failure that shows the reply's body.</summary>
    public static async Task Expect(HttpResponseMessage reply, params HttpStatusCode[] wanted)
    {
        if (wanted.Contains(reply.StatusCode)) return;
        Assert.Fail($"{reply.RequestMessage?.Method} {reply.RequestMessage?.RequestUri}: {(int)reply.StatusCode}, wanted "
            + $"{string.Join(" or ", wanted.Select(status => (int)status))}. Body: {await reply.Content.ReadAsStringAsync()}");
    }
}

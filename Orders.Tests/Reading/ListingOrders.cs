using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Reading;

public sealed class ListingOrders(OrdersApplication app) : ApplicationTests
{
    private static readonly string[] Channels = ["web", "app", "store", "tele fono/ñ&="];

    [StormFact]
    public async Task Every_filter_and_sort_answers_what_going_through_all_orders_answers()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await LiveThroughOrdersAsync(random);
        var orders = await AllOrdersAsync();

        for (var round = 0; round < 150; round++)
        {
            var oracle = OrderOracle.Draw(random, orders);
            var size = random.Next(1, 8);
            var (ids, _) = await PagesAsync($"/v1/orders?limit={size}&{oracle.Query}", pages: 4);
            var expected = oracle.Answer(orders).Take(size * 4).ToList();
            Assert.True(expected.SequenceEqual(ids), $"seed {seed}, round {round}, limit {size}: {oracle.Query}\n"
                + $"expected {string.Join(' ', expected)}\nfound    {string.Join(' ', ids)}");
        }
    }

    [Theory]
    [InlineData("-placed_at")]
    [InlineData("placed_at")]
    [InlineData("total")]
    public async Task Orders_placed_while_somebody_pages_neither_hide_nor_repeat_the_ones_before(string sort)
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var before = new List<string>();
        for (var i = 0; i < 12; i++) before.Add((await shop.PlaceAsync((product, 1 + (i % 3)))).Id);

        var seen = new List<string>();
        string? cursor = "";
        while (cursor is not null)
        {
            var (ids, next) = await PagesAsync($"/v1/orders?limit=3&customer_id={shop.CustomerId}&sort={sort}{cursor}", pages: 1);
            seen.AddRange(ids);
            cursor = next is null ? null : "&cursor=" + next;
            // What is placed meanwhile may be on a later page or not, but not more than a few, or ascending pages would never end.
            if (seen.Count < 9) await Task.WhenAll(Enumerable.Range(1, 3).Select(quantity => shop.PlaceAsync((product, quantity))));
        }

        Assert.Equal(seen.Distinct(), seen);
        Assert.Empty(before.Except(seen));
    }

    [Fact]
    public async Task A_cursor_is_good_for_its_own_sort_and_filter_alone()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        for (var i = 0; i < 3; i++) await shop.PlaceAsync((product, 1));
        var (_, cursor) = await PagesAsync($"/v1/orders?limit=1&customer_id={shop.CustomerId}", pages: 1);
        using var bound = await app.HolderAsync(["orders:read"], shop.CustomerId);

        await Shop.Expect(await app.Api.GetAsync($"/v1/orders?limit=2&customer_id={shop.CustomerId}&cursor={cursor}"), HttpStatusCode.OK);
        foreach (var other in new[]
        {
            $"?limit=1&cursor={cursor}",
            $"?limit=1&customer_id={shop.CustomerId}&sort=placed_at&cursor={cursor}",
            $"?limit=1&customer_id={shop.CustomerId}&sort=-total&cursor={cursor}",
            $"?limit=1&customer_id={shop.CustomerId}&status=placed&cursor={cursor}",
            $"?limit=1&customer_id={shop.CustomerId}&cursor={cursor![..^4]}",
            $"?limit=1&customer_id={shop.CustomerId}&cursor=%00",
        })
            await RefusedAsync(app.Api, "/v1/orders" + other, "cursor");
        await RefusedAsync(bound, $"/v1/orders?limit=1&customer_id={shop.CustomerId}&cursor={cursor}", "cursor");
    }

    [Fact]
    public async Task An_order_is_listed_by_its_number_however_that_is_written()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var number = order.Number;

        foreach (var written in (string[])[number, number.ToLowerInvariant(), number.Replace("-", ""), $" {number[..4]} {number[5..]}"])
        {
            var (ids, _) = await PagesAsync($"/v1/orders?number={Uri.EscapeDataString(written)}", pages: 1);
            Assert.Equal([order.Id], ids);
        }
    }

    [Fact]
    public async Task Orders_are_listed_by_their_ids_and_a_customer_sees_none_of_others()
    {
        var (mine, other) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var orders = new List<OrderState>();
        foreach (var shop in new[] { mine, mine, other }) orders.Add(await shop.PlaceAsync((await shop.AddProductAsync(), 1)));
        using var bound = await app.HolderAsync(["orders:read"], mine.CustomerId);
        var wanted = $"/v1/orders?sort=placed_at&id={string.Join(',', orders.Select(order => order.Id))},ord-{Guid.CreateVersion7()}";

        var (all, _) = await PagesAsync(wanted, pages: 1);
        var own = await bound.GetFromJsonAsync<JsonElement>(wanted);

        Assert.Equal(orders.Select(order => order.Id), all);
        Assert.Equal(
            orders.Take(2).Select(order => order.Id),
            own.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("statsu=paid", "statsu")]
    [InlineData("id=", "id")]
    [InlineData("id=ord-1", "id")]
    [InlineData("id=ord-01a20099-c244-7c5f-a51b-b4b96a893e3e,", "id")]
    [InlineData("status=paid&status=gone", "status")]
    [InlineData("status=", "status")]
    [InlineData("channel=web&channel=app", "channel")]
    [InlineData("sku=", "sku")]
    [InlineData("product_id=a%00b", "product_id")]
    [InlineData("total_min=-1", "total_min")]
    [InlineData("total_min=1.00001", "total_min")]
    [InlineData("total_max=1e3", "total_max")]
    [InlineData("total_min=5&total_max=4", "total_max")]
    [InlineData("placed_from=yesterday", "placed_from")]
    [InlineData("placed_from=2026-02-01&placed_to=2026-01-01", "placed_to")]
    [InlineData("updated_to=2026-13-01", "updated_to")]
    [InlineData("sort=name", "sort")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    public async Task What_is_wrong_with_a_query_is_said_by_its_name(string query, string field) =>
        await RefusedAsync(app.Api, "/v1/orders?" + query, field);

    [Fact]
    public async Task Orders_stand_in_the_list_as_the_very_bytes_that_reading_them_answers()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PaidAsync((await shop.AddProductAsync(), 2));

        var list = await app.Api.GetStringAsync($"/v1/orders?customer_id={shop.CustomerId}");

        Assert.Equal($"{{\"items\":[{await shop.GetTextAsync(order.Id)}]}}", list);
    }

    [Fact]
    public async Task Lists_histories_and_ledgers_are_304_until_something_changes()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PaidAsync((await shop.AddProductAsync(), 2));
        string[] addresses = [$"/v1/orders?customer_id={shop.CustomerId}", $"/v1/orders/{order.Id}/history",
            $"/v1/orders/{order.Id}/refunds", $"/v1/orders/{order.Id}"];
        var before = await Task.WhenAll(addresses.Select(address => TagAsync(address)));

        foreach (var (address, tag) in addresses.Zip(before))
        {
            var again = await ConditionalAsync(address, tag);
            await Shop.Expect(again, HttpStatusCode.NotModified);
            Assert.Equal((tag, ""), (again.Headers.ETag!.ToString(), await again.Content.ReadAsStringAsync()));
        }

        await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/refunds", new { amount = 1.00m });
        foreach (var (address, tag) in addresses.Zip(before))
            await Shop.Expect(await ConditionalAsync(address, tag), HttpStatusCode.OK);
        var then = await TagAsync($"/v1/orders/{order.Id}?version=2");
        await Shop.Expect(await ConditionalAsync($"/v1/orders/{order.Id}?version=2", then), HttpStatusCode.NotModified);
    }

    /// <summary>Orders of two customers to three districts, at every stage of their lives.</summary>
    private async Task LiveThroughOrdersAsync(Random random)
    {
        var shops = new[] { await Shop.OpenAsync(app), await Shop.OpenAsync(app) };
        var products = await Task.WhenAll(Enumerable.Range(1, 4).Select(i => shops[0].AddProductAsync(price: i * 7.5m)));
        var addresses = await Task.WhenAll(shops.Select(AddressesAsync));
        for (var i = 0; i < 40; i++)
        {
            var at = random.Next(shops.Length);
            var reply = await app.Api.PostAsJsonAsync("/v1/orders", new
            {
                customer_id = shops[at].CustomerId,
                address_id = addresses[at][random.Next(3)],
                channel = Channels[random.Next(Channels.Length)],
                items = products.Where(_ => random.Next(2) == 0).DefaultIfEmpty(products[0])
                    .Select(product => new { product_id = product, quantity = random.Next(1, 4) }),
            });
            await Shop.Expect(reply, HttpStatusCode.Created);
            await LiveAsync(shops[at], Shop.Read(await reply.Content.ReadAsByteArrayAsync()), random);
        }
    }

    private static async Task LiveAsync(Shop shop, OrderState order, Random random)
    {
        var stage = random.Next(6);
        if (stage == 5) await shop.DoAsync(order, "cancel");
        if (stage is 0 or 5) return;
        await shop.DoAsync(order, "confirm");
        if (stage == 1) return;
        await shop.DoAsync(order, "pay", new { method = "card", reference = $"P-{random.Next(5)}", amount = order.Total });
        if (stage == 2) return;
        await shop.DoAsync(order, "ship", new { carrier = "Correos", tracking = $"T-{random.Next(5)}" });
        if (stage == 4) await shop.DoAsync(order, "deliver");
    }

    private async Task<string[]> AddressesAsync(Shop shop)
    {
        var addresses = Enumerable.Range(0, 3).Select(i => new
        {
            client_id = shop.CustomerId, address_id = $"{shop.AddressId}-{i}", neighborhood = "Sol", coordinates = new[] { 40.4, -3.7 },
            road = "Calle Mayor", house_number = "2", suburb = "Sol", city_district = i == 0 ? "Centro" : "Tetuán",
            state = "Comunidad de Madrid", postcode = i == 1 ? "28020" : "28014", country = "España", lat = "40.4", lon = "-3.7",
        }).ToArray();
        await Shop.Ok(await app.Api.PostAsJsonAsync("/v1/addresses/import", addresses));
        return [.. addresses.Select(address => address.address_id)];
    }

    /// <summary>Every order as the database has it: whatever other tests have left is in it too.</summary>
    private async Task<List<OrderState>> AllOrdersAsync()
    {
        var states = await app.Database.ListAsync<byte[]>(
            "select h.state from orders o join order_history h on h.order_id = o.id and h.version = o.version");
        return states.ConvertAll(Shop.Read);
    }

    private async Task<(List<string> Ids, string? Next)> PagesAsync(string address, int pages)
    {
        var ids = new List<string>();
        string? cursor = null;
        for (var page = 0; page < pages && (page == 0 || cursor is not null); page++)
        {
            var reply = await app.Api.GetAsync(address + (cursor is null ? "" : "&cursor=" + cursor));
            await Shop.Expect(reply, HttpStatusCode.OK);
            var body = await reply.Content.ReadFromJsonAsync<JsonElement>();
            ids.AddRange(body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = body.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }

        return (ids, cursor);
    }

    private async Task<string> TagAsync(string address)
    {
        var reply = await app.Api.GetAsync(address);
        await Shop.Expect(reply, HttpStatusCode.OK);
        return reply.Headers.ETag!.ToString();
    }

    private async Task<HttpResponseMessage> ConditionalAsync(string address, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await app.Api.SendAsync(request);
    }

    private static async Task RefusedAsync(HttpClient client, string address, string field)
    {
        var reply = await client.GetAsync(address);
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], (await Problem.FieldsAsync(reply)).Distinct());
    }
}

using System.Net;
using System.Net.Http.Json;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Placing;

public sealed class Discounts(OrdersApplication app) : ApplicationTests
{
    private readonly string _code = "T" + Guid.NewGuid().ToString("N")[..20].ToUpperInvariant();

    [Fact]
    public async Task A_code_takes_its_share_off_every_line_and_stays_when_it_is_gone()
    {
        var shop = await Shop.OpenAsync(app);
        await CreateAsync(new { code = _code, percent = 10 });
        var (lamp, chair) = (await shop.AddProductAsync(price: 33.33m), await shop.AddProductAsync(price: 0.05m));

        var reply = await PlaceAsync(shop, _code.ToLowerInvariant(), (lamp, 1), (chair, 3));
        await Shop.Expect(reply, HttpStatusCode.Created);
        var order = Shop.Read(await reply.Content.ReadAsByteArrayAsync());
        await Shop.Expect(await app.Api.DeleteAsync($"/v1/discounts/{_code}"), HttpStatusCode.NoContent);

        Assert.Equal((33.48m, 3.35m, _code, 5.95m, 36.08m),
            (order.Subtotal, order.Discount, order.DiscountCode, order.Shipping, order.Total));
        Assert.Equal([3.33m, 0.02m], order.Items.Select(item => item.Discount!.Value));
        Assert.Equal("3.35 " + _code, await app.Database.ScalarAsync<string>(
            "select format('%s %s', discount, discount_code) from orders where id = $1", order.Id));
        Assert.Equal([3.33m, 0.02m], await app.Database.ListAsync<decimal>(
            "select discount from order_items where order_id = $1 order by line", order.Id));
        await app.Cache.GetDatabase().KeyDeleteAsync(WireNames.CacheKey(order.Id));
        Assert.Equal(Shop.Json(order), await shop.GetTextAsync(order.Id));
    }

    [Fact]
    public async Task A_code_for_five_orders_is_used_by_five_of_twenty_at_once()
    {
        var shop = await Shop.OpenAsync(app);
        await CreateAsync(new { code = _code, amount = 5.00m, uses_max = 5 });
        var product = await shop.AddProductAsync(stock: 100);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PlaceAsync(shop, _code, (product, 1))));

        Assert.Equal(5, replies.Count(reply => reply.StatusCode == HttpStatusCode.Created));
        foreach (var refused in replies.Where(reply => reply.StatusCode != HttpStatusCode.Created))
        {
            await Shop.Expect(refused, HttpStatusCode.UnprocessableEntity);
            Assert.Equal(["discount_code"], await Problem.FieldsAsync(refused));
        }

        Assert.Equal(5, await app.Database.ScalarAsync<int>("select uses from discounts where code = $1", _code));
        Assert.Equal(95, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("fail")]
    [InlineData("edit")]
    public async Task A_use_comes_back_once_with_what_ends_it(string end)
    {
        var shop = await Shop.OpenAsync(app);
        await CreateAsync(new { code = _code, amount = 5.00m, min_subtotal = 30, uses_max = 1 });
        var product = await shop.AddProductAsync(price: 20m);
        var order = await shop.PlaceAsync(_code, (product, 2));
        await Shop.Expect(await PlaceAsync(shop, _code, (product, 2)), HttpStatusCode.UnprocessableEntity);

        if (end != "edit") await shop.DoAsync(order, end);
        else
        {
            await Shop.Ok(await shop.SendAsync(
                HttpMethod.Patch, $"/v1/orders/{order.Id}", new { items = new[] { new { product_id = product, quantity = 1 } } },
                "\"v1\""));
            await shop.DoAsync(order, "cancel");
        }

        Assert.Equal(0, await UsesAsync());
        await shop.PlaceAsync(_code, (product, 2));
        Assert.Equal(1, await UsesAsync());
    }

    [Fact]
    public async Task A_code_that_was_created_once_more_gets_no_use_back_that_was_not_counted_of_it()
    {
        var shop = await Shop.OpenAsync(app);
        var terms = new { code = _code, percent = 10, uses_max = 5 };
        await CreateAsync(terms);
        var product = await shop.AddProductAsync();
        var order = await shop.PlaceAsync(_code, (product, 1));
        await Shop.Ok(await app.Api.DeleteAsync($"/v1/discounts/{_code}"));
        await CreateAsync(terms);
        await shop.PlaceAsync(_code, (product, 1));

        await shop.DoAsync(order, "cancel");

        Assert.Equal(1, await UsesAsync());
    }

    private Task<int> UsesAsync() => app.Database.ScalarAsync<int>("select uses from discounts where code = $1", _code);

    [Theory]
    [InlineData("""{"percent":10,"amount":5}""", "percent")]
    [InlineData("""{"percent":100.01}""", "percent")]
    [InlineData("""{"percent":0}""", "percent")]
    [InlineData("""{"amount":1.001}""", "amount")]
    [InlineData("""{"percent":1,"uses_max":0}""", "uses_max")]
    [InlineData("""{"percent":1,"starts_at":"2026-02-01T00:00:00Z","ends_at":"2026-01-01T00:00:00Z"}""", "ends_at")]
    [InlineData("""{"percent":1,"code":"no spaces"}""", "code")]
    public async Task Bad_terms_are_refused_by_name(string terms, string field)
    {
        var body = terms.Contains("code", StringComparison.Ordinal) ? terms : terms.Replace("{", $"{{\"code\":\"{_code}\",",
            StringComparison.Ordinal);
        var reply = await app.Api.PostAsync("/v1/discounts", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Contains(field, await Problem.FieldsAsync(reply));
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from discounts where code = $1", _code));
    }

    [Fact]
    public async Task Terms_can_be_replaced_and_read()
    {
        await CreateAsync(new { code = _code, percent = 10 });
        await Shop.Expect(await app.Api.PostAsJsonAsync("/v1/discounts", new { code = _code, percent = 5 }), HttpStatusCode.Conflict);
        await Shop.Ok(await app.Api.PutAsJsonAsync($"/v1/discounts/{_code}", new { amount = 7.50m, active = false }));
        var read = await app.Api.GetFromJsonAsync<System.Text.Json.JsonElement>($"/v1/discounts/{_code}");
        Assert.Equal((7.50m, false), (read.GetProperty("amount").GetDecimal(), read.GetProperty("active").GetBoolean()));
        Assert.False(read.TryGetProperty("percent", out _));
        var shop = await Shop.OpenAsync(app);
        await Shop.Expect(await PlaceAsync(shop, _code, (await shop.AddProductAsync(), 1)), HttpStatusCode.UnprocessableEntity);
    }

    private async Task CreateAsync(object terms) => await Shop.Expect(await app.Api.PostAsJsonAsync("/v1/discounts", terms),
        HttpStatusCode.Created);

    private Task<HttpResponseMessage> PlaceAsync(Shop shop, string code, params (string ProductId, int Quantity)[] lines) =>
        app.Api.PostAsJsonAsync("/v1/orders", new
        {
            customer_id = shop.CustomerId,
            address_id = shop.AddressId,
            discount_code = code,
            items = lines.Select(line => new { product_id = line.ProductId, quantity = line.Quantity }),
        });
}

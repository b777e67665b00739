using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Placing;

/// <summary>What no column can hold is refused by name, on every way in, before anything is written.</summary>
public sealed class TooLarge(OrdersApplication app) : ApplicationTests
{
    [Theory]
    [InlineData(90)]
    [InlineData(100)]
    public async Task A_discount_does_not_hide_a_subtotal_that_is_too_large(int percent)
    {
        var shop = await Shop.OpenAsync(app);
        var code = "T" + Guid.NewGuid().ToString("N")[..20].ToUpperInvariant();
        await Shop.Ok(await app.Api.PostAsJsonAsync("/v1/discounts", new { code, percent }));
        var product = await shop.AddProductAsync(price: 999_999.99m);
        var lines = Enumerable.Repeat((product, 1000), 11).ToArray();

        await RefusedAsync(await shop.TryPlaceAsync(code, lines));
        var order = await shop.PlaceAsync(code, (product, 1));
        await RefusedAsync(await shop.SendAsync(HttpMethod.Patch, $"/v1/orders/{order.Id}",
            new { items = lines.Select(line => new { product_id = product, quantity = 1000 }) }, "\"v1\""));
    }

    [Fact]
    public async Task A_weight_that_is_too_large_is_refused_at_once_and_later()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(price: 0.01m);
        await app.Database.ListAsync<int>("update products set weight = 10000 where id = $1 returning 1", product);
        var lines = Enumerable.Repeat((product, 1000), 100).ToArray();

        await RefusedAsync(await shop.TryPlaceAsync(lines));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders")
        {
            Content = JsonContent.Create(new
            {
                customer_id = shop.CustomerId, address_id = shop.AddressId,
                items = lines.Select(line => new { product_id = product, quantity = 1000 }),
            }),
        };
        request.Headers.Add("Prefer", "respond-async");
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var accepted = await app.Api.SendAsync(request);
        await Shop.Expect(accepted, HttpStatusCode.Accepted);
        var outcome = await Eventually.Get(
            () => app.Api.GetFromJsonAsync<JsonElement>(accepted.Headers.Location),
            reply => reply.GetProperty("status").GetString() != "accepted", "the outcome");
        Assert.Equal("refused", outcome.GetProperty("status").GetString());
        Assert.Contains("weight exceeds", outcome.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
    }

    private static async Task RefusedAsync(HttpResponseMessage reply)
    {
        await Shop.Expect(reply, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["items"], await Problem.FieldsAsync(reply));
    }
}

using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Access;

/// <summary>
/// Requests with a marked customer and marked secrets go the ways that succeed and the ways that fail; nothing that the
/// processes then log, trace or count has the mark.
/// </summary>
public sealed class NoPersonalDataInLogs(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Neither_logs_nor_traces_nor_metrics_hold_a_name_an_address_or_a_secret()
    {
        var mark = "Qx" + Guid.NewGuid().ToString("N")[..16];
        var phone = "+34" + string.Concat(Guid.NewGuid().ToByteArray().Take(8).Select(number => number % 100 + 100));
        app.Traces.Watch(mark);
        app.Traces.Watch(phone);
        var shop = await Shop.OpenAsync(app);
        var key = await app.CreateKeyAsync(["orders:read", "orders:write"]);
        app.Traces.Watch(key.Token);
        app.Traces.Watch(app.AdminToken);

        await ThingsThatSucceedAsync(shop, mark, phone, key);
        await ThingsThatFailAsync(shop, mark, phone);

        // What comes last is the witness: when it has arrived, everything before has.
        var (log, span) = await WitnessAsync();
        await Eventually.Is(() => Task.FromResult(
            app.Traces.Sightings(log).Any(seen => seen.StartsWith("/v1/logs", StringComparison.Ordinal))
            && app.Traces.SpansOf(span).Count > 0), "the last request's log record and span");
        foreach (var secret in new[] { mark, phone, key.Token, app.AdminToken })
            Assert.True(app.Traces.Sightings(secret).Count == 0, string.Join(Environment.NewLine, app.Traces.Sightings(secret)));
    }

    private async Task ThingsThatSucceedAsync(Shop shop, string mark, string phone, Key key)
    {
        await Shop.Ok(await app.Api.PostAsJsonAsync("/v1/customers/import", new[]
        {
            new
            {
                client_id = shop.CustomerId, first_name = mark, last_name = mark, email = $"{mark}@example.com", phone_number = phone,
                occupation = mark, status = "active",
            },
        }));
        await Shop.Ok(await app.Api.PostAsJsonAsync("/v1/addresses/import", new[]
        {
            new
            {
                client_id = shop.CustomerId, address_id = shop.AddressId, road = mark, house_number = mark, suburb = mark, postcode = mark,
            },
        }));
        using var holder = app.ApiWith(key.Token);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await Shop.Ok(await holder.GetAsync($"/v1/orders/{order.Id}"));
        await Shop.Ok(await holder.GetAsync($"/v1/orders/search?q={mark}"));
        await Shop.Ok(await holder.PostAsJsonAsync($"/v1/orders/{order.Id}/cancel", new { reason = mark }));
        await Eventually.Is(
            async () => (await shop.SearchAsync(mark)).Any(hit => hit.Id == order.Id && hit.Version == 2), "the cancelled order is found");
    }

    private async Task ThingsThatFailAsync(Shop shop, string mark, string phone)
    {
        (string Path, string Body)[] refused =
        [
            ("/v1/orders", $$"""{"customer_id":"{{mark}}","address_id":"{{mark}}","items":[{"product_id":"{{mark}}","quantity":1}]}"""),
            ("/v1/orders", $$"""{"customer_id":"{{mark}}","{{mark}}":1}"""),
            ("/v1/orders", $$"""{"customer_id":"{{mark}}" {{mark}}"""),
            ("/v1/customers/import", $$"""[{"client_id":"{{mark}}","first_name":"{{mark}}","phone_number":"{{phone}}"}]"""),
            ("/v1/customers/import", $$"""[{"client_id":"cus-1","date_of_birth":"{{mark}}"}]"""),
            ("/v1/addresses/import", $$"""[{"client_id":"cus-{{mark}}","address_id":"add-{{mark}}","road":"{{mark}}"}]"""),
            ("/v1/keys", $$"""{"name":"{{mark}}","scopes":["orders:read"],"customer_id":"{{mark}}"}"""),
        ];
        foreach (var (path, body) in refused)
        {
            var reply = await app.Api.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.True((int)reply.StatusCode is >= 400 and < 500, $"{path} {body}: {reply.StatusCode}");
        }

        Assert.False((await app.Api.GetAsync($"/v1/orders/search?q={mark}&sort={mark}")).IsSuccessStatusCode);
        Assert.False((await app.Api.GetAsync($"/v1/orders?customer_id={shop.CustomerId}&cursor={mark}")).IsSuccessStatusCode);
        using var guesser = app.ApiWith($"ordk_guess_{mark}{mark}{mark}");
        Assert.False((await guesser.GetAsync("/v1/orders")).IsSuccessStatusCode);
    }

    private async Task<(string Log, string Trace)> WitnessAsync()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        var key = await app.CreateKeyAsync(["orders:read"]);
        app.Traces.Watch($"Key {key.Id} was revoked");
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/v1/keys/{key.Id}");
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        await Shop.Ok(await app.Api.SendAsync(request));
        return ($"Key {key.Id} was revoked", trace);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Outbox;

/// <summary>One event that Kafka does not take is set aside, and the events of all other orders go on.</summary>
public sealed class EventsThatKafkaRefuses(OrdersApplication app) : ApplicationTests
{
    private const string Address = "/v1/admin/set-aside-events";

    [Fact]
    public async Task It_is_set_aside_whole_and_what_comes_behind_it_is_found()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var before = await shop.PlaceAsync((product, 1));
        var id = await InsertAsync(before.Id);
        var behind = await shop.PlaceAsync((product, 2));

        await shop.FoundAsync(behind);
        var (aside, confirmed) = (await ShownAsync(id), await shop.DoAsync(before, "confirm"));
        // Its order goes on like any other.
        await shop.FoundAsync(confirmed);

        Assert.Equal(("open", "MsgSizeTooLarge", before.Id, 1),
            (Text(aside, "state"), Text(aside, "reason"), Text(aside, "order_id"), aside.GetProperty("refusals").GetInt32()));
        Assert.InRange(aside.GetProperty("bytes").GetInt32(), 5_000_000, 5_001_000);
        Assert.Equal(5_000_000, aside.GetProperty("event").GetProperty("filling").GetString()!.Length);
        Assert.Contains(id, await ListedAsync("open"));
        // Its api's own health says so.
        await Eventually.Is(async () => (await app.Api.GetStringAsync("/health")).Contains("\"outbox relay\":\"degraded\""), "degraded");

        await Shop.Expect(await app.Api.PostAsync($"{Address}/{id}/retry", null), HttpStatusCode.Accepted);
        var again = await Eventually.Get(() => ShownAsync(id), seen => seen.GetProperty("refusals").GetInt32() == 2, "refused again");
        Assert.Equal("open", Text(again, "state"));
        var discarded = await app.Api.PostAsJsonAsync($"{Address}/{id}/discard", new { note = "a test" });
        await Shop.Expect(discarded, HttpStatusCode.OK);
        Assert.Equal("a test", Text(await discarded.Content.ReadFromJsonAsync<JsonElement>(), "note"));
        await Shop.Expect(await app.Api.PostAsJsonAsync($"{Address}/{id}/discard", new { }), HttpStatusCode.OK);
        var late = await app.Api.PostAsync($"{Address}/{id}/retry", null);
        await Shop.Expect(late, HttpStatusCode.Conflict);
        Assert.Equal("/problems/set_aside_settled", await Problem.TypeAsync(late));
        Assert.DoesNotContain(id, await ListedAsync("open"));
        await Shop.Expect(await app.Api.PostAsync($"{Address}/ord-nobody.1/retry", null), HttpStatusCode.NotFound);
    }

    /// <summary>An event as a defect could write it: larger than any message may be.</summary>
    /// <returns>The event's id.</returns>
    private async Task<string> InsertAsync(string orderId)
    {
        var id = $"{orderId}.1000000";
        await app.ExecuteAsync(
            """
            insert into outbox (order_id, version, type, payload)
            select $1, 1000000, 'orders.edited', json_build_object('id', $2::text, 'filling', repeat('x', 5000000))
            """, orderId, id);
        return id;
    }

    private async Task<JsonElement> ShownAsync(string id)
    {
        var reply = await app.Api.GetAsync($"{Address}/{id}");
        await Shop.Expect(reply, HttpStatusCode.OK);
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<List<string>> ListedAsync(string state)
    {
        var page = await app.Api.GetFromJsonAsync<JsonElement>($"{Address}?state={state}&limit=200");
        return [.. page.GetProperty("items").EnumerateArray().Select(row => Text(row, "id"))];
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}

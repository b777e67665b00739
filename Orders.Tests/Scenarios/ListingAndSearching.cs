using System.Net;
using System.Text.Json;
using Meilisearch;
using Orders.Contracts;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

public sealed class ListingAndSearching(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task The_list_goes_through_every_order_once_newest_first()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var placed = new List<string>();
        for (var i = 0; i < 7; i++) placed.Add((await shop.PlaceAsync((product, 1))).Id);

        var listed = new List<string>();
        string? cursor = null;
        do
        {
            var page = await PageAsync($"/v1/orders?limit=3&customer_id={shop.CustomerId}" + (cursor is null ? "" : $"&cursor={cursor}"));
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Reverse(placed), listed);
    }

    [StormFact]
    public async Task A_search_of_an_index_whose_settings_are_not_there_yet_is_told_to_come_again()
    {
        await app.NoRebuildAsync();
        var index = app.Search.Index(WireNames.Indexes.Orders);
        var settings = await index.GetSettingsAsync();
        await DoneAsync(await index.ResetSettingsAsync());
        try
        {
            foreach (var search in new[] { "?q=calle", "?status=placed", "?sort=total" })
            {
                var reply = await app.Api.GetAsync("/v1/orders/search" + search);

                Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.StatusCode);
                Assert.EndsWith("/search_unavailable", await Problem.TypeAsync(reply), StringComparison.Ordinal);
            }
        }
        finally
        {
            await DoneAsync(await index.UpdateSettingsAsync(settings));
        }

        await Shop.Ok(await app.Api.GetAsync("/v1/orders/search?q=calle&status=placed"));

        async Task DoneAsync(TaskInfo queued) => Assert.Equal(
            TaskInfoStatus.Succeeded, (await app.Search.WaitForTaskAsync(queued.TaskUid, timeoutMs: 60_000)).Status);
    }

    [Fact]
    public async Task Search_filters_sorts_and_counts_exactly()
    {
        var shop = await Shop.OpenAsync(app);
        var orders = new List<OrderState>();
        foreach (var quantity in new[] { 3, 1, 4, 2, 5 }) orders.Add(await shop.PlaceAsync((await shop.AddProductAsync(), quantity)));
        await Shop.Ok(await app.Api.PostAsync($"/v1/orders/{orders[0].Id}/cancel", null));
        await shop.FoundAsync(orders[0] with { Version = 2 });
        foreach (var order in orders.Skip(1)) await shop.FoundAsync(order);

        var page = await PageAsync($"/v1/orders/search?q={shop.Word}&status=placed&sort=-total&page=2&page_size=3");

        Assert.Equal((4, 2, 2), (Number(page, "total_hits"), Number(page, "total_pages"), Number(page, "page")));
        var last = Assert.Single(page.GetProperty("hits").EnumerateArray());
        Assert.Equal(orders[1].Id, last.GetProperty("id").GetString());
        Assert.Equal([orders[0].Id], (await shop.SearchAsync(shop.Word, "&status=cancelled")).Select(hit => hit.Id));
        Assert.Empty(await shop.SearchAsync(shop.Word, "&placed_to=2000-01-01"));
        Assert.Equal(5, (await shop.SearchAsync(shop.Word, "&placed_from=2000-01-01")).Count);
    }

    [Fact]
    public async Task Search_by_area_finds_what_lies_in_it_edges_included()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.FoundAsync(order);
        var (lat, lon) = (order.Destination.Lat!.Value, order.Destination.Lon!.Value);

        foreach (var (west, south, east, north) in new[] { (lon, lat, lon, lat), (lon - 1, lat - 1, lon + 1, lat + 1),
            (-180, -90, 180, 90), (lon - 0.001, lat, 180, 90), (lon, -90, lon - 1, 90), (170, -90, lon, 90) })
            Assert.Equal([order.Id], await FoundAsync(west, south, east, north));
        const double Bit = 0.0001;
        foreach (var (west, south, east, north) in new[] { (lon + Bit, lat - 1, lon + 1, lat + 1), (lon - 1, lat + Bit, lon + 1, lat + 1),
            (lon - 1, lat - 1, lon - Bit, lat + 1), (lon - 1, lat - 1, lon + 1, lat - Bit), (170, -90, -170, 90) })
            Assert.Empty(await FoundAsync(west, south, east, north));

        async Task<IEnumerable<string>> FoundAsync(double west, double south, double east, double north) =>
            (await shop.SearchAsync(shop.Word, FormattableString.Invariant($"&bbox={west},{south},{east},{north}"))).Select(hit => hit.Id);
    }

    [Fact]
    public async Task An_order_is_found_by_what_people_remember()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync("Cafetera italiana"), 1));
        await shop.FoundAsync(order);

        foreach (var words in new[] { order.Id, order.Number, order.Customer.Email, $"{shop.Word} cafetera", $"alcala {shop.Word}",
            $"Ana {shop.Word}" })
            Assert.Contains(await shop.SearchAsync(words), hit => hit.Id == order.Id);
    }

    private async Task<JsonElement> PageAsync(string address)
    {
        var reply = await app.Api.GetAsync(address);
        await Shop.Expect(reply, HttpStatusCode.OK);
        return JsonSerializer.Deserialize<JsonElement>(await reply.Content.ReadAsStringAsync());
    }

    private static int Number(JsonElement page, string name) => page.GetProperty(name).GetInt32();
}

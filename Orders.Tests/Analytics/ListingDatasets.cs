using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Analytics;

public sealed class ListingDatasets(OrdersApplication app) : StormTests
{
    [Fact]
    public async Task Every_layer_says_what_it_holds_and_has_nothing_before_it_when_all_is_quiet()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.FoundAsync(order);

        await Eventually.Holds(async () =>
        {
            var reply = await app.Api.GetAsync("/v1/catalog");
            await Shop.Expect(reply, HttpStatusCode.OK);
            var datasets = (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("datasets").EnumerateArray().ToList();
            Assert.Equal(["source", "topic", "bronze", "silver", "gold", "search"],
                datasets.Select(dataset => dataset.GetProperty("layer").GetString()).Distinct());
            foreach (var dataset in datasets)
            {
                Assert.False(dataset.TryGetProperty("unavailable", out var reason), $"{dataset.GetProperty("name")}: {reason}");
                Assert.False(string.IsNullOrEmpty(dataset.GetProperty("location").GetString()));
                if (dataset.GetProperty("layer").GetString() is not ("silver" or "gold" or "bronze" or "search")) continue;
                Assert.Equal(0, dataset.GetProperty("lag_events").GetInt64());
                Assert.True(dataset.GetProperty("rows").GetInt64() > 0);
                Assert.True(dataset.GetProperty("newest_event_at").GetDateTimeOffset() >= order.PlacedAt, dataset.ToString());
            }

            Assert.True(Named("orders.events").GetProperty("rows").GetInt64() > 0);
            Assert.Contains(Named("analytics.order_facts").GetProperty("columns").EnumerateArray(),
                column => column.GetProperty("name").GetString() == "segment");

            JsonElement Named(string name) => datasets.Single(dataset => dataset.GetProperty("name").GetString() == name);
        });
    }
}

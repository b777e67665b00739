using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Access;

public sealed class DatabaseOutage(OrdersApplication app) : StormTests
{
    /// <summary>Longer than a key is believed without asking the database, as the application of the tests has it.</summary>
    private static readonly TimeSpan LongEnough = OrdersApplication.KeyCacheTimeToLive * 2;

    [Fact]
    public async Task A_cached_order_is_read_on_while_the_database_is_away()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var before = await shop.GetTextAsync(order.Id);
        using var newcomer = app.ApiWith((await app.CreateKeyAsync(["orders:read"])).Token);

        await app.WithoutDatabaseAsync(async () =>
        {
            var started = TimeProvider.System.GetTimestamp();
            await Eventually.Is(async () =>
            {
                Assert.Equal(before, await shop.GetTextAsync(order.Id));
                return TimeProvider.System.GetElapsedTime(started) > LongEnough;
            }, "the order, again and again");
            var refused = await newcomer.GetAsync($"/v1/orders/{order.Id}");
            await Shop.Expect(refused, HttpStatusCode.ServiceUnavailable);
            Assert.Equal("/problems/database_unavailable", await Problem.TypeAsync(refused));
        });

        await Eventually.Is(async () => (await newcomer.GetAsync($"/v1/orders/{order.Id}")).IsSuccessStatusCode, "the newcomer is let in");
    }
}

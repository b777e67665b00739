using Orders.Tests.Bulk;
using Orders.Tests.Support;

namespace Orders.Tests.Changing;

/// <summary>The application looks for unpaid orders twice a second here, and ends those that are a week old.</summary>
public sealed class Reservations(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task An_order_that_is_not_paid_in_time_ends_with_its_event_and_gives_its_pieces_back()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 10);
        var (late, paid) = (await shop.PlaceAsync((product, 3)), await shop.PaidAsync((product, 2)));
        var imported = ImportingOrders.Line(shop, "old");
        Assert.Equal((1, 0, 0), (await app.Api.ImportAsync([imported])).Counts);
        var fresh = await shop.PlaceAsync((product, 1));
        // The column is what the sweeper finds orders by; the decision looks at the order itself.
        string[] aged = [paid.Id, ImportLineTests.Accepted(imported).Id];
        await app.Database.ListAsync<int>(
            "update orders set updated_at = now() - interval '8 days' where id = any ($1) returning 1", (object)aged);
        await shop.AgeAsync(late);

        await Eventually.Get(() => StatusAsync(late.Id), status => status == "failed", "the end of the reservation");

        Assert.Equal([(1, "orders.placed", "placed"), (2, "orders.expired", "failed")], await shop.HistoryAsync(late.Id));
        Assert.Equal(7, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
        Assert.Equal(("paid", "placed", "placed"), (
            await StatusAsync(paid.Id), await StatusAsync(ImportLineTests.Accepted(imported).Id), await StatusAsync(fresh.Id)));
        await Eventually.Get(() => app.DeliveredVersionsAsync(late.Id), versions => versions is [1, 2], "its event");
        // Tests that go through all orders compare rows with histories.
        await app.Database.ListAsync<int>(
            """
            update orders o set updated_at = (h.state ->> 'updated_at')::timestamptz from order_history h
            where h.order_id = o.id and h.version = o.version and o.id = any ($1) returning 1
            """, (object)aged);
    }

    private Task<string> StatusAsync(string id) => app.Database.ScalarAsync<string>("select status from orders where id = $1", id);
}

using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Analytics;

/// <summary>Shops with many orders, all in the facts.</summary>
internal static class ManyFacts
{
    public static async Task<Shop> FilledWithFactsAsync(this OrdersApplication app, int count)
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await Copies.MakeAsync(app, order.Id, count);
        await Eventually.Get(() => app.Database.ScalarAsync<long>(
            "select count(*) from analytics.order_facts where customer_id = $1", shop.CustomerId), facts => facts == count + 1,
            "all orders are in the facts");
        return shop;
    }

    /// <summary>Orders of the shop that are not in the facts as they are in their table.</summary>
    public static Task<long> FactsOffAsync(this OrdersApplication app, Shop shop) => app.Database.ScalarAsync<long>(
        """
        select count(*) from (select id, version, number, status, total, placed_at from orders where customer_id = $1) o
        full join (select order_id, version, number, status, total, placed_at from analytics.order_facts where customer_id = $1) f
            on f.order_id = o.id
        where (o.version, o.number, o.status, o.total, o.placed_at) is distinct from (f.version, f.number, f.status, f.total, f.placed_at)
        """, shop.CustomerId);
}

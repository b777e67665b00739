using Orders.Contracts;
using Orders.Tests.Analytics;
using Orders.Tests.Support;

namespace Orders.Tests.Drift;

/// <summary>Facts and rollups that were changed behind the stream's back.</summary>
internal static class SpoiltFacts
{
    /// <summary>Seven facts that are wrong in as many ways, and two of orders that were never placed.</summary>
    public static async Task SpoilAsync(OrdersApplication app, List<OrderState> orders)
    {
        await SpoilAsync(app, orders[0], "update analytics.order_facts set total = total + 1, status = 'failed' where order_id = $1");
        await SpoilAsync(app, orders[1], "delete from analytics.order_facts where order_id = $1");
        await SpoilAsync(app, orders[2], "update analytics.order_facts set version = 99 where order_id = $1");
        await SpoilAsync(app, orders[3], "update analytics.order_item_facts set quantity = 7 where order_id = $1");
        await SpoilAsync(app, orders[4], "update analytics.order_facts set version = version - 1 where order_id = $1");
        await SpoilAsync(app, orders[5], "update analytics.order_facts set placed_at = placed_at + interval '40 days' where order_id = $1");
        await SpoilAsync(app, orders[6], "delete from analytics.order_item_facts where order_id = $1");
        await SpoilAsync(app, orders[0], """
            insert into analytics.order_facts select (jsonb_populate_record(f, jsonb_build_object('order_id', 'ord-none-' || f.order_id,
                'customer_id', 'cus-none', 'placed_at', '2020-01-31T23:00:00Z'))).* from analytics.order_facts f where order_id = $1
            """);
        await SpoilAsync(app, orders[1], """
            insert into analytics.order_item_facts select (jsonb_populate_record(f, jsonb_build_object('order_id', 'ord-none-' ||
                f.order_id))).* from analytics.order_item_facts f where order_id = $1
            """);
    }

    /// <summary>The facts are as the orders again, the sums as the facts, and nothing is left of orders that were never placed.</summary>
    public static async Task AssertMendedAsync(OrdersApplication app, Shop shop)
    {
        await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
        await Recount.EqualsFactsAsync(app.Database);
        Assert.Equal(0, await app.Database.ScalarAsync<long>(
            """
            select (select count(*) from analytics.order_facts where order_id like 'ord-none-%')
                + (select count(*) from analytics.order_item_facts where order_id like 'ord-none-%')
                + (select count(*) from analytics.customer_facts where customer_id = 'cus-none')
            """));
    }

    /// <summary>One with other sums, one that is gone, one of nothing.</summary>
    public static async Task SpoilRollupsAsync(OrdersApplication app, OrderState order)
    {
        const string OfProduct =
            "dimension = 'product' and value = (select product_id from analytics.order_item_facts where order_id = $1)";
        await SpoilAsync(app, order, $"update analytics.rollups set revenue = revenue - 5 where grain = 'month' and {OfProduct}");
        await SpoilAsync(app, order, $"delete from analytics.rollups where grain = 'hour' and {OfProduct}");
        await SpoilAsync(app, order, $"""
            insert into analytics.rollups select dimension, grain, '2018-05-01Z', currency, value, 1, 1, 1, 1, 1, 1, 1, 1, 1
            from analytics.rollups where grain = 'day' and {OfProduct}
            """);
    }

    public static async Task SpoilAsync(OrdersApplication app, OrderState order, string sql) =>
        Assert.True(await app.ExecuteAsync(sql, order.Id) > 0, sql);
}

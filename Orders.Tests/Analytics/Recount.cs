using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Analytics;

/// <summary>What analytics has to show, counted by statements that share nothing with the ones that it uses.</summary>
internal static class Recount
{
    private const string Measures =
        "orders, items, revenue, discount, shipping, tax, refunded, cancelled, cancelled_amount, net_revenue";

    /// <summary>The rollups as the facts have them; one statement, so it is exact at any moment.</summary>
    private const string OfFacts = $"""
        with of_orders as (
            select d.dimension, date_trunc(g.grain, o.placed_at, 'UTC') as bucket, g.grain, o.currency, d.value, count(*) as orders,
                sum(o.items)::bigint as items, sum(o.total) as revenue, sum(o.discount) as discount, sum(o.shipping) as shipping,
                sum(o.tax) as tax, sum(o.refunded) as refunded, count(*) filter (where o.status in ('cancelled', 'failed')) as cancelled,
                coalesce(sum(o.total) filter (where o.status in ('cancelled', 'failed')), 0) as cancelled_amount,
                coalesce(sum(o.total - o.refunded - o.owed) filter (where o.status not in ('cancelled', 'failed')), 0) as net_revenue
            from analytics.order_facts o
            cross join lateral (values ('status', o.status), ('district', o.city_district), ('channel', o.channel), ('segment',
                case when exists (select from analytics.order_facts p where p.customer_id = o.customer_id
                    and (p.placed_at, p.order_id) < (o.placed_at, o.order_id)) then 'returning' else 'new' end)) d (dimension, value)
            cross join (values ('hour'), ('day'), ('month')) g (grain) group by 1, 2, 3, 4, 5
        ), of_lines as (
            select d.dimension, date_trunc(g.grain, o.placed_at, 'UTC') as bucket, g.grain, o.currency, d.value,
                count(distinct o.order_id) as orders, sum(i.quantity)::bigint as items, sum(i.total - i.discount) as revenue,
                sum(i.discount) as discount, 0::numeric as shipping, 0::numeric as tax, 0::numeric as refunded,
                count(distinct o.order_id) filter (where o.status in ('cancelled', 'failed')) as cancelled,
                coalesce(sum(i.total - i.discount) filter (where o.status in ('cancelled', 'failed')), 0) as cancelled_amount,
                coalesce(sum(round((i.total - i.discount) * (o.total - o.refunded - o.owed) / nullif(o.total, 0), 4))
                    filter (where o.status not in ('cancelled', 'failed')), 0) as net_revenue
            from analytics.order_facts o join analytics.order_item_facts i using (order_id)
            cross join lateral (values ('product', i.product_id), ('category', i.category)) d (dimension, value)
            cross join (values ('hour'), ('day'), ('month')) g (grain) group by 1, 2, 3, 4, 5
        ), expected as (
            select dimension, grain, bucket, currency, value, {Measures} from of_orders
            union all select dimension, grain, bucket, currency, value, {Measures} from of_lines
        ), actual as (
            select dimension, grain, bucket, currency, value, {Measures} from analytics.rollups
            where ({Measures}) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        )
        select '- ' || x::text from (select * from expected except all select * from actual) x
        union all select '+ ' || y::text from (select * from actual except all select * from expected) y limit 20
        """;

    /// <summary>What differs between the facts and the tables of the orders, for the orders of one customer.</summary>
    private const string OfOrders = """
        with expected as (
            select o.id, o.version, o.number, o.status, o.channel, o.customer_id, o.city_district, o.postcode, o.currency,
                (select count(*) from order_items i where i.order_id = o.id) as lines,
                (select sum(quantity) from order_items i where i.order_id = o.id) as items, o.subtotal, o.discount, o.shipping, o.tax,
                o.total, o.refunded, o.total_weight, o.discount_code, o.payment_method, o.placed_at, o.updated_at, o.confirmed_at,
                o.paid_at, o.shipped_at, o.delivered_at, o.cancelled_at, o.returned_at, o.failed_at,
                case when row_number() over (order by o.placed_at, o.id) = 1 then 'new' else 'returning' end as segment, o.owed
            from orders o where o.customer_id = $1
        ), actual as (select * from analytics.order_facts where customer_id = $1),
        expected_items as (
            select order_id, line, product_id, sku, name, category, unit_price, weight, quantity, total, discount, shipped, returned
            from order_items where order_id in (select id from expected)
        ), actual_items as (select * from analytics.order_item_facts where order_id in (select order_id from actual))
        select '- ' || x::text from (select * from expected except all select * from actual) x
        union all select '+ ' || x::text from (select * from actual except all select * from expected) x
        union all select '- ' || x::text from (select * from expected_items except all select * from actual_items) x
        union all select '+ ' || x::text from (select * from actual_items except all select * from expected_items) x limit 20
        """;

    /// <summary>Rows of the rollups that the facts contradict; none when all is well.</summary>
    public static async Task EqualsFactsAsync(NpgsqlDataSource database)
    {
        var differences = await database.ListAsync<string>(OfFacts);
        Assert.True(differences.Count == 0, "rollups differ from the facts (- expected, + found):\n" + string.Join('\n', differences));
    }

    public static async Task FactsEqualOrdersAsync(NpgsqlDataSource database, string customerId)
    {
        var differences = await database.ListAsync<string>(OfOrders, customerId);
        Assert.True(differences.Count == 0, "facts differ from orders (- expected, + found):\n" + string.Join('\n', differences));
    }
}

-- What was sold and is kept: of an order its total less what went back and what is owed, of a cancelled or failed one nothing. By
-- category and product each line bears its part of that. Functions and views are those of 0010 with this measure.
alter table analytics.order_facts add owed numeric not null default 0;
update analytics.order_facts f set owed = o.owed from orders o where o.id = f.order_id and o.owed <> 0;
alter table analytics.rollups add net_revenue numeric not null default 0;

create or replace view analytics.contributions as
select f.order_id, f.placed_at, f.currency, d.dimension collate "C" as dimension, d.value, 1::bigint as orders, f.items, f.total as revenue,
    f.discount, f.shipping, f.tax, f.refunded, case when f.status in ('cancelled', 'failed') then 1 else 0 end::bigint as cancelled,
    case when f.status in ('cancelled', 'failed') then f.total else 0 end as cancelled_amount,
    case when f.status in ('cancelled', 'failed') then 0 else f.total - f.refunded - f.owed end as net_revenue
from analytics.order_facts f
cross join lateral (values ('status', f.status), ('district', f.city_district), ('channel', f.channel), ('segment', f.segment))
    as d (dimension, value)
union all
select f.order_id, f.placed_at, f.currency, d.dimension collate "C", d.value, 1::bigint, sum(i.quantity)::bigint, sum(i.total - i.discount),
    sum(i.discount), 0, 0, 0, case when f.status in ('cancelled', 'failed') then 1 else 0 end::bigint,
    case when f.status in ('cancelled', 'failed') then sum(i.total - i.discount) else 0 end,
    -- A sum is made before a case decides, also of what it would not have chosen: a free order must not divide by its total.
    case when f.status in ('cancelled', 'failed') then 0
        else coalesce(sum(round((i.total - i.discount) * (f.total - f.refunded - f.owed) / nullif(f.total, 0), 4)), 0) end
from analytics.order_facts f
join analytics.order_item_facts i on i.order_id = f.order_id
cross join lateral (values ('category', i.category), ('product', i.product_id)) as d (dimension, value)
group by f.order_id, f.placed_at, f.currency, f.status, f.total, f.refunded, f.owed, d.dimension, d.value;

create or replace view analytics.expected_orders as
select o.id as order_id, o.version, o.number, o.status, o.channel, o.customer_id, o.city_district, o.postcode, o.currency,
    i.lines, i.items, o.subtotal::numeric as subtotal, o.discount::numeric as discount, o.shipping::numeric as shipping,
    o.tax::numeric as tax, o.total::numeric as total, o.refunded::numeric as refunded, o.total_weight::numeric as total_weight,
    o.discount_code, o.payment_method, o.placed_at, o.updated_at, o.confirmed_at, o.paid_at, o.shipped_at, o.delivered_at,
    o.cancelled_at, o.returned_at, o.failed_at, null::text as segment, o.owed::numeric as owed
from orders o
cross join lateral (select count(*)::int as lines, coalesce(sum(quantity), 0)::bigint as items
    from order_items where order_id = o.id) i;

create or replace function analytics.apply(
    taken analytics.order_facts[], taken_items analytics.order_item_facts[], again text[]) returns setof text
language plpgsql as $$
declare
    fresh     text[];
    displaced text[];
    before    analytics.contributions[];
begin
    perform pg_advisory_xact_lock_shared(hashtext('analytics.rollups'));
    insert into analytics.customer_facts as known (customer_id, first_order_id, first_placed_at)
    select distinct on (t.customer_id) t.customer_id, t.order_id, t.placed_at
    from unnest(taken) t order by t.customer_id, t.placed_at, t.order_id
    on conflict (customer_id) do update
        set first_order_id = excluded.first_order_id, first_placed_at = excluded.first_placed_at
        where (excluded.first_placed_at, excluded.first_order_id) < (known.first_placed_at, known.first_order_id);

    fresh := array(
        select t.order_id from unnest(taken) t
        left join analytics.order_facts f on f.order_id = t.order_id
        left join unnest(again) a (id) on a.id = t.order_id
        where f.order_id is null or t.version > f.version or (t.version = f.version and a.id is not null));
    -- An order that is older than the one that was the first so far has come in.
    displaced := array(
        select f.order_id from (select distinct t.customer_id from unnest(taken) t) c
        join analytics.order_facts f on f.customer_id = c.customer_id and f.segment = 'new'
        join analytics.customer_facts k on k.customer_id = c.customer_id and k.first_order_id <> f.order_id
        where f.order_id <> all (fresh));
    before := array(select c from analytics.contributions c where c.order_id = any (fresh || displaced));

    update analytics.order_facts set segment = 'returning' where order_id = any (displaced);
    insert into analytics.order_facts as f
    select t.order_id, t.version, t.number, t.status, t.channel, t.customer_id, t.city_district, t.postcode, t.currency, t.lines, t.items,
        t.subtotal, t.discount, t.shipping, t.tax, t.total, t.refunded, t.total_weight, t.discount_code, t.payment_method, t.placed_at,
        t.updated_at, t.confirmed_at, t.paid_at, t.shipped_at, t.delivered_at, t.cancelled_at, t.returned_at, t.failed_at,
        case when k.first_order_id = t.order_id then 'new' else 'returning' end, coalesce(t.owed, 0)
    from unnest(fresh) n (id)
    join unnest(taken) t on t.order_id = n.id
    join analytics.customer_facts k on k.customer_id = t.customer_id
    on conflict (order_id) do update set
        (version, number, status, channel, customer_id, city_district, postcode, currency, lines, items, subtotal, discount, shipping, tax,
         total, refunded, total_weight, discount_code, payment_method, placed_at, updated_at, confirmed_at, paid_at, shipped_at,
         delivered_at, cancelled_at, returned_at, failed_at, segment, owed) =
        (excluded.version, excluded.number, excluded.status, excluded.channel, excluded.customer_id, excluded.city_district,
         excluded.postcode, excluded.currency, excluded.lines, excluded.items, excluded.subtotal, excluded.discount, excluded.shipping,
         excluded.tax, excluded.total, excluded.refunded, excluded.total_weight, excluded.discount_code, excluded.payment_method,
         excluded.placed_at, excluded.updated_at, excluded.confirmed_at, excluded.paid_at, excluded.shipped_at, excluded.delivered_at,
         excluded.cancelled_at, excluded.returned_at, excluded.failed_at, excluded.segment, excluded.owed);

    delete from analytics.order_item_facts f where f.order_id = any (fresh)
        and not exists (select from unnest(taken_items) t where t.order_id = f.order_id and t.line = f.line);
    insert into analytics.order_item_facts as f
    select t.* from unnest(fresh) n (id) join unnest(taken_items) t on t.order_id = n.id
    on conflict (order_id, line) do update set
        (product_id, sku, name, category, unit_price, weight, quantity, total, discount, shipped, returned) =
        (excluded.product_id, excluded.sku, excluded.name, excluded.category, excluded.unit_price, excluded.weight, excluded.quantity,
         excluded.total, excluded.discount, excluded.shipped, excluded.returned)
        where f.* is distinct from excluded.*;

    insert into analytics.rollups as r
    with changed as (
        select 1 as sign, c.* from analytics.contributions c where c.order_id = any (fresh || displaced)
        union all
        select -1, b.* from unnest(before) b
    ), hours as (
        select dimension, date_trunc('hour', placed_at, 'UTC') as bucket, currency, value, sum(sign * orders)::bigint as orders,
            sum(sign * items)::bigint as items, sum(sign * revenue) as revenue, sum(sign * discount) as discount,
            sum(sign * shipping) as shipping, sum(sign * tax) as tax, sum(sign * refunded) as refunded,
            sum(sign * cancelled)::bigint as cancelled, sum(sign * cancelled_amount) as cancelled_amount,
            sum(sign * net_revenue) as net_revenue
        from changed group by 1, 2, 3, 4
    )
    select dimension, g.grain, date_trunc(g.grain, bucket, 'UTC'), currency, value, sum(orders)::bigint, sum(items)::bigint, sum(revenue),
        sum(discount), sum(shipping), sum(tax), sum(refunded), sum(cancelled)::bigint, sum(cancelled_amount), sum(net_revenue)
    from hours cross join (values ('hour' collate "C"), ('day'), ('month')) as g (grain)
    group by 1, 2, 3, 4, 5
    having (sum(orders), sum(items), sum(revenue), sum(discount), sum(shipping), sum(tax), sum(refunded), sum(cancelled),
        sum(cancelled_amount), sum(net_revenue)) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    order by 1, 2, 3, 4, 5
    on conflict (dimension, grain, bucket, currency, value) do update set
        orders = r.orders + excluded.orders, items = r.items + excluded.items, revenue = r.revenue + excluded.revenue,
        discount = r.discount + excluded.discount, shipping = r.shipping + excluded.shipping, tax = r.tax + excluded.tax,
        refunded = r.refunded + excluded.refunded, cancelled = r.cancelled + excluded.cancelled,
        cancelled_amount = r.cancelled_amount + excluded.cancelled_amount, net_revenue = r.net_revenue + excluded.net_revenue;
    return query select unnest(fresh);
end $$;

-- As before: this setting is not part of what was replaced.
alter function analytics.apply(analytics.order_facts[], analytics.order_item_facts[], text[]) set enable_seqscan = off;

create or replace function analytics.recount(instant timestamptz) returns void
language plpgsql as $$
declare
    since timestamptz := date_trunc('month', instant, 'UTC');
    until timestamptz := (date_trunc('month', instant at time zone 'UTC') + interval '1 month') at time zone 'UTC';
begin
    perform pg_advisory_xact_lock(hashtext('analytics.rollups'));
    delete from analytics.rollups where dimension in ('status', 'district', 'channel', 'segment', 'category', 'product')
        and grain in ('hour', 'day', 'month') and bucket >= since and bucket < until;
    insert into analytics.rollups
    select dimension, g.grain, date_trunc(g.grain, placed_at, 'UTC'), currency, value, sum(orders)::bigint, sum(items)::bigint,
        sum(revenue), sum(discount), sum(shipping), sum(tax), sum(refunded), sum(cancelled)::bigint, sum(cancelled_amount), sum(net_revenue)
    from analytics.contributions cross join (values ('hour'), ('day'), ('month')) as g (grain)
    where placed_at >= since and placed_at < until group by 1, 2, 3, 4, 5;
end $$;

create or replace view analytics.v_orders as
select order_id, number, status, segment, channel, customer_id, city_district, postcode, currency, lines, items, subtotal, discount, shipping,
    tax, total, refunded, total_weight, discount_code, payment_method, placed_at, updated_at, confirmed_at, paid_at, shipped_at, delivered_at,
    cancelled_at, returned_at, failed_at, version, owed
from analytics.order_facts;

create or replace view analytics.v_revenue_daily as
select bucket as day, currency, sum(orders)::bigint as orders, sum(items)::bigint as items, sum(revenue) as revenue, sum(discount) as discount,
    sum(shipping) as shipping, sum(tax) as tax, sum(refunded) as refunded, sum(cancelled)::bigint as cancelled,
    sum(cancelled_amount) as cancelled_amount, sum(net_revenue) as net_revenue
from analytics.rollups where dimension = 'status' and grain = 'day' and orders > 0 group by bucket, currency;

create or replace view analytics.v_products_daily as
select bucket as day, currency, value as product_id, orders, items, revenue, discount, cancelled, cancelled_amount, net_revenue
from analytics.rollups where dimension = 'product' and grain = 'day' and orders > 0;

create or replace view analytics.v_categories_daily as
select bucket as day, currency, value as category, orders, items, revenue, discount, cancelled, cancelled_amount, net_revenue
from analytics.rollups where dimension = 'category' and grain = 'day' and orders > 0;

create or replace view analytics.v_rollups as
select dimension, grain, bucket, currency, value, orders, items, revenue, discount, shipping, tax, refunded, cancelled, cancelled_amount, net_revenue
from analytics.rollups where orders > 0;

select analytics.recount(month) from (select distinct date_trunc('month', placed_at, 'UTC') as month from analytics.order_facts) months;

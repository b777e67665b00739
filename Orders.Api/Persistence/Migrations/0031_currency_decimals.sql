-- Amounts have the decimals of their currency (ISO 4217), up to four. Without a limit of its own a column keeps what it is given; taking
-- the limit away writes no row again, which another limit would. How large an amount may be is a constraint now.
drop view analytics.expected_orders;
drop view analytics.expected_items;

alter table products alter price type numeric;
alter table orders
    alter subtotal type numeric, alter discount type numeric, alter shipping type numeric, alter tax type numeric,
    alter total type numeric, alter paid_amount type numeric, alter refunded type numeric,
    add constraint orders_amounts check (greatest(subtotal, discount, shipping, tax, total, paid_amount) < 10000000000) not valid;
alter table order_items
    alter unit_price type numeric, alter total type numeric, alter discount type numeric,
    add constraint order_items_amounts check (greatest(unit_price, total) < 10000000000) not valid;
alter table order_refunds alter amount type numeric;
alter table discounts alter amount type numeric, alter min_subtotal type numeric;

-- As they were: a view holds on to the type of its columns.
create view analytics.expected_orders as
select o.id as order_id, o.version, o.number, o.status, o.channel, o.customer_id, o.city_district, o.postcode, o.currency,
    i.lines, i.items, o.subtotal::numeric as subtotal, o.discount::numeric as discount, o.shipping::numeric as shipping,
    o.tax::numeric as tax, o.total::numeric as total, o.refunded::numeric as refunded, o.total_weight::numeric as total_weight,
    o.discount_code, o.payment_method, o.placed_at, o.updated_at, o.confirmed_at, o.paid_at, o.shipped_at, o.delivered_at,
    o.cancelled_at, o.returned_at, o.failed_at, null::text as segment
from orders o
cross join lateral (select count(*)::int as lines, coalesce(sum(quantity), 0)::bigint as items
    from order_items where order_id = o.id) i;

create view analytics.expected_items as
select order_id, line, product_id, sku, name, category, unit_price::numeric as unit_price, weight::numeric as weight, quantity,
    total::numeric as total, discount::numeric as discount, shipped, returned
from order_items;

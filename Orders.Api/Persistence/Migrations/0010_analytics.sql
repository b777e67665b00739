-- Analytics: facts (silver: what every order is now), rollups (gold: sums per hour, day and month) and how far the stream has been
-- taken, all changed by one transaction. Everything here can be thrown away and made again from the tables of the orders. Amounts are
-- numeric without a limit, so that a sum is exact and no event is too large. Buckets begin at full hours, days and months in UTC.
create schema analytics;

-- Without names, addresses and contact data: reports do not need them.
create table analytics.order_facts (
    order_id       text collate "C" primary key,
    version        integer not null,
    number         text not null,
    status         text collate "C" not null,
    channel        text collate "C" not null,
    customer_id    text collate "C" not null,
    city_district  text collate "C" not null,
    postcode       text not null,
    currency       text collate "C" not null,
    lines          integer not null,
    items          bigint not null,
    subtotal       numeric not null,
    discount       numeric not null,
    shipping       numeric not null,
    tax            numeric not null,
    total          numeric not null,
    refunded       numeric not null,
    total_weight   numeric not null,
    discount_code  text,
    payment_method text,
    placed_at      timestamptz not null,
    updated_at     timestamptz not null,
    confirmed_at   timestamptz,
    paid_at        timestamptz,
    shipped_at     timestamptz,
    delivered_at   timestamptz,
    cancelled_at   timestamptz,
    returned_at    timestamptz,
    failed_at      timestamptz,
    -- new: the customer's first order, by the instant of placing; returning: any other.
    segment        text collate "C" not null
) with (fillfactor = 80);
create index order_facts_placed_at on analytics.order_facts (placed_at);
create index order_facts_customer on analytics.order_facts (customer_id, placed_at);
create index order_facts_first on analytics.order_facts (customer_id) where segment = 'new';

create table analytics.order_item_facts (
    order_id   text collate "C" not null,
    line       integer not null,
    product_id text collate "C" not null,
    sku        text not null,
    name       text not null,
    category   text collate "C" not null,
    unit_price numeric not null,
    weight     numeric not null,
    quantity   integer not null,
    total      numeric not null,
    discount   numeric not null,
    shipped    integer not null,
    returned   integer not null,
    primary key (order_id, line)
) with (fillfactor = 80);

-- A customer's first order. Its row is the lock under which the customer's orders change, whoever changes them.
create table analytics.customer_facts (
    customer_id     text collate "C" primary key,
    first_order_id  text collate "C" not null,
    first_placed_at timestamptz not null
);

create table analytics.rollups (
    dimension        text collate "C" not null,
    grain            text collate "C" not null,
    bucket           timestamptz not null,
    currency         text collate "C" not null,
    value            text collate "C" not null,
    orders           bigint not null,
    items            bigint not null,
    revenue          numeric not null,
    discount         numeric not null,
    shipping         numeric not null,
    tax              numeric not null,
    refunded         numeric not null,
    cancelled        bigint not null,
    cancelled_amount numeric not null,
    primary key (dimension, grain, bucket, currency, value)
) with (fillfactor = 70);

-- How far each partition of the topic has been taken; the consumer goes on here, whatever Kafka remembers.
create table analytics.offsets (
    partition     integer primary key,
    next          bigint not null,
    -- Time of the newest event.
    last_event_at timestamptz,
    updated_at    timestamptz not null default now()
) with (fillfactor = 50);

-- Files of the archive, noted once they are durable in their place.
create table archive_files (
    path           text collate "C" primary key,
    partition      integer not null,
    first_offset   bigint not null,
    next_offset    bigint not null,
    day            date not null,
    rows           bigint not null,
    bytes          bigint not null,
    sha256         text not null,
    first_event_at timestamptz not null,
    last_event_at  timestamptz not null,
    closed_at      timestamptz not null
);
create index archive_files_day on archive_files (day);

-- One row: where the archive is, as the indexer is configured.
create table archive_store (
    only_row       boolean primary key default true check (only_row),
    location       text not null,
    retention_days integer
);

-- What every order adds to the rollups. Status, district, channel and segment take the order as a whole. Category and product take its
-- lines: revenue is the lines' total less their discount; shipping, tax and refunds belong to no line and are 0 there.
create view analytics.contributions as
select f.order_id, f.placed_at, f.currency, d.dimension collate "C" as dimension, d.value, 1::bigint as orders, f.items, f.total as revenue,
    f.discount, f.shipping, f.tax, f.refunded, case when f.status in ('cancelled', 'failed') then 1 else 0 end::bigint as cancelled,
    case when f.status in ('cancelled', 'failed') then f.total else 0 end as cancelled_amount
from analytics.order_facts f
cross join lateral (values ('status', f.status), ('district', f.city_district), ('channel', f.channel), ('segment', f.segment))
    as d (dimension, value)
union all
select f.order_id, f.placed_at, f.currency, d.dimension collate "C", d.value, 1::bigint, sum(i.quantity)::bigint, sum(i.total - i.discount),
    sum(i.discount), 0, 0, 0, case when f.status in ('cancelled', 'failed') then 1 else 0 end::bigint,
    case when f.status in ('cancelled', 'failed') then sum(i.total - i.discount) else 0 end
from analytics.order_facts f
join analytics.order_item_facts i on i.order_id = f.order_id
cross join lateral (values ('category', i.category), ('product', i.product_id)) as d (dimension, value)
group by f.order_id, f.placed_at, f.currency, f.status, d.dimension, d.value;

-- What the facts have to be, from the tables of the orders; the segment follows from all of a customer's orders.
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

-- Takes orders whose version is newer than what is there (or the same, for those named in "again") and changes the rollups by the
-- difference. Answers with the ids of the orders that were taken. Whoever changes orders holds, in this order: the shared lock (the
-- exclusive one is the recount's), the customers' rows by id, the rollups' rows by key; so nobody waits in a circle.
create function analytics.apply(
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
        case when k.first_order_id = t.order_id then 'new' else 'returning' end
    from unnest(fresh) n (id)
    join unnest(taken) t on t.order_id = n.id
    join analytics.customer_facts k on k.customer_id = t.customer_id
    on conflict (order_id) do update set
        (version, number, status, channel, customer_id, city_district, postcode, currency, lines, items, subtotal, discount, shipping, tax,
         total, refunded, total_weight, discount_code, payment_method, placed_at, updated_at, confirmed_at, paid_at, shipped_at,
         delivered_at, cancelled_at, returned_at, failed_at, segment) =
        (excluded.version, excluded.number, excluded.status, excluded.channel, excluded.customer_id, excluded.city_district,
         excluded.postcode, excluded.currency, excluded.lines, excluded.items, excluded.subtotal, excluded.discount, excluded.shipping,
         excluded.tax, excluded.total, excluded.refunded, excluded.total_weight, excluded.discount_code, excluded.payment_method,
         excluded.placed_at, excluded.updated_at, excluded.confirmed_at, excluded.paid_at, excluded.shipped_at, excluded.delivered_at,
         excluded.cancelled_at, excluded.returned_at, excluded.failed_at, excluded.segment);

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
            sum(sign * cancelled)::bigint as cancelled, sum(sign * cancelled_amount) as cancelled_amount
        from changed group by 1, 2, 3, 4
    )
    select dimension, g.grain, date_trunc(g.grain, bucket, 'UTC'), currency, value, sum(orders)::bigint, sum(items)::bigint, sum(revenue),
        sum(discount), sum(shipping), sum(tax), sum(refunded), sum(cancelled)::bigint, sum(cancelled_amount)
    from hours cross join (values ('hour' collate "C"), ('day'), ('month')) as g (grain)
    group by 1, 2, 3, 4, 5
    having (sum(orders), sum(items), sum(revenue), sum(discount), sum(shipping), sum(tax), sum(refunded), sum(cancelled),
        sum(cancelled_amount)) <> (0, 0, 0, 0, 0, 0, 0, 0, 0)
    order by 1, 2, 3, 4, 5
    on conflict (dimension, grain, bucket, currency, value) do update set
        orders = r.orders + excluded.orders, items = r.items + excluded.items, revenue = r.revenue + excluded.revenue,
        discount = r.discount + excluded.discount, shipping = r.shipping + excluded.shipping, tax = r.tax + excluded.tax,
        refunded = r.refunded + excluded.refunded, cancelled = r.cancelled + excluded.cancelled,
        cancelled_amount = r.cancelled_amount + excluded.cancelled_amount;
    return query select unnest(fresh);
end $$;

-- A batch of the stream: its orders and the place after it, in one transaction. "expected" is where its consumer believes the stream to
-- be; if another consumer has moved it meanwhile, nothing is written and OR010 raised. A batch that was taken before (its answer was
-- lost) answers with nothing.
create function analytics.take(
    partitions integer[], expected bigint[], following bigint[], newest timestamptz, taken json, taken_items json, again text[])
    returns setof text
language plpgsql as $$
declare
    others integer;
    unseen integer;
begin
    perform from analytics.offsets o where o.partition = any (partitions) order by o.partition for update;
    select count(*) filter (where o.next is distinct from b.expected), count(*) filter (where o.next is distinct from b.following)
    into others, unseen
    from unnest(partitions, expected, following) b (partition, expected, following)
    left join analytics.offsets o on o.partition = b.partition;
    if others > 0 then
        if unseen = 0 then return; end if;
        raise exception using errcode = 'OR010', message = 'another consumer has moved the offsets of analytics';
    end if;
    update analytics.offsets o set next = b.following, last_event_at = greatest(o.last_event_at, newest), updated_at = now()
    from unnest(partitions, following) b (partition, following) where o.partition = b.partition;
    return query select * from analytics.apply(
        array(select t from json_populate_recordset(null::analytics.order_facts, taken) t),
        array(select t from json_populate_recordset(null::analytics.order_item_facts, taken_items) t), again);
end $$;

-- Counts the rollups of a month (UTC) anew, from the facts.
create function analytics.recount(instant timestamptz) returns void
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
        sum(revenue), sum(discount), sum(shipping), sum(tax), sum(refunded), sum(cancelled)::bigint, sum(cancelled_amount)
    from analytics.contributions cross join (values ('hour'), ('day'), ('month')) as g (grain)
    where placed_at >= since and placed_at < until group by 1, 2, 3, 4, 5;
end $$;

-- Takes orders out of the facts, e.g. those that the tables of the orders do not have.
create function analytics.forget(ids text[]) returns void
language plpgsql as $$
declare
    customers text[];
    months    timestamptz[];
begin
    perform pg_advisory_xact_lock(hashtext('analytics.rollups'));
    customers := array(select distinct customer_id from analytics.order_facts where order_id = any (ids));
    delete from analytics.order_item_facts where order_id = any (ids);
    months := array(select date_trunc('month', placed_at, 'UTC') from analytics.order_facts where order_id = any (ids));
    delete from analytics.order_facts where order_id = any (ids);
    delete from analytics.customer_facts where customer_id = any (customers);
    insert into analytics.customer_facts
    select distinct on (customer_id) customer_id, order_id, placed_at from analytics.order_facts
    where customer_id = any (customers) order by customer_id, placed_at, order_id;
    with renamed as (
        update analytics.order_facts f set segment = case when k.first_order_id = f.order_id then 'new' else 'returning' end
        from analytics.customer_facts k
        where f.customer_id = any (customers) and k.customer_id = f.customer_id
            and f.segment <> case when k.first_order_id = f.order_id then 'new' else 'returning' end
        returning f.placed_at
    )
    select months || array(select date_trunc('month', placed_at, 'UTC') from renamed) into months;
    perform analytics.recount(m) from (select distinct unnest(months)) d (m);
end $$;

-- The next orders after "last_id", from the tables of the orders into the facts, as if each had just come. Answers with the last id,
-- or null when there are no more. What the stream brings meanwhile is newer and wins.
create function analytics.rebuild(last_id text, size integer) returns text
language plpgsql as $$
declare
    ids text[] := array(select o.id from orders o where o.id > last_id order by o.id limit size);
begin
    perform from analytics.apply(
        array(select row(e.*)::analytics.order_facts from analytics.expected_orders e where e.order_id = any (ids)),
        array(select row(e.*)::analytics.order_item_facts from analytics.expected_items e where e.order_id = any (ids)), ids);
    return ids[cardinality(ids)];
end $$;

-- For reports; docs/analytics.md says what is in them.
create view analytics.v_orders as
select order_id, number, status, segment, channel, customer_id, city_district, postcode, currency, lines, items, subtotal, discount, shipping,
    tax, total, refunded, total_weight, discount_code, payment_method, placed_at, updated_at, confirmed_at, paid_at, shipped_at, delivered_at,
    cancelled_at, returned_at, failed_at, version
from analytics.order_facts;

create view analytics.v_order_items as
select i.order_id, i.line, i.product_id, i.sku, i.name, i.category, i.unit_price, i.quantity, i.total, i.discount, i.total - i.discount as revenue,
    i.shipped, i.returned, i.weight, o.currency, o.status, o.segment, o.channel, o.customer_id, o.city_district, o.placed_at
from analytics.order_item_facts i join analytics.order_facts o on o.order_id = i.order_id;

create view analytics.v_revenue_daily as
select bucket as day, currency, sum(orders)::bigint as orders, sum(items)::bigint as items, sum(revenue) as revenue, sum(discount) as discount,
    sum(shipping) as shipping, sum(tax) as tax, sum(refunded) as refunded, sum(cancelled)::bigint as cancelled,
    sum(cancelled_amount) as cancelled_amount
from analytics.rollups where dimension = 'status' and grain = 'day' and orders > 0 group by bucket, currency;

create view analytics.v_products_daily as
select bucket as day, currency, value as product_id, orders, items, revenue, discount, cancelled, cancelled_amount
from analytics.rollups where dimension = 'product' and grain = 'day' and orders > 0;

create view analytics.v_categories_daily as
select bucket as day, currency, value as category, orders, items, revenue, discount, cancelled, cancelled_amount
from analytics.rollups where dimension = 'category' and grain = 'day' and orders > 0;

create view analytics.v_rollups as
select dimension, grain, bucket, currency, value, orders, items, revenue, discount, shipping, tax, refunded, cancelled, cancelled_amount
from analytics.rollups where orders > 0;

create view analytics.v_customers as
select customer_id, currency, count(*) as orders, count(*) filter (where status in ('cancelled', 'failed')) as cancelled,
    sum(total) filter (where status not in ('cancelled', 'failed')) as spent, sum(refunded) as refunded,
    min(placed_at) as first_order_at, max(placed_at) as last_order_at
from analytics.order_facts group by customer_id, currency;

-- Lists of orders: what each filter and sort needs to be bounded. All of them together add 1.2 kB of log to the 4.3 kB of placing an
-- order of two lines. Status comes with the order of placing, because open orders are few and delivered ones many; the columns
-- below it have few values, which an index keeps in one short list each.
create index orders_status on orders (status, placed_at desc, id desc);
create index orders_updated_at on orders (updated_at desc, id desc);
create index orders_total on orders (total, id);
create index orders_city_district on orders (city_district);
create index orders_postcode on orders (postcode);
create index orders_channel on orders (channel);
create index orders_payment_reference on orders (payment_reference) where payment_reference is not null;
create index order_items_product on order_items (product_id);
create index order_items_sku on order_items (sku);
create index order_shipments_tracking on order_shipments (tracking) where tracking is not null;

-- The changes of all orders in commit order, numbered 1, 2, 3 ... without a gap: written by the relay once Kafka has them, read by the
-- change feed. The order at that version is in order_history. Partition and offset are those of the event's first delivery.
-- Rows may be deleted from the front, never the last one: the next number is one more than the largest.
create table order_changes (
    position        bigint primary key,
    order_id        text collate "C" not null,
    version         integer not null,
    customer_id     text collate "C" not null,
    type            text not null,
    at              timestamptz not null,
    outbox_position bigint,
    kafka_partition integer,
    kafka_offset    bigint,
    published_at    timestamptz,
    constraint order_changes_version unique (order_id, version)
);

-- What happened before this table was there, in the order of the outbox: partition and offset of these were not kept.
insert into order_changes (position, order_id, version, customer_id, type, at, outbox_position)
select row_number() over (order by e.position), e.order_id, e.version, o.customer_id, e.type, h.at, e.position
from (select distinct on (order_id, version) * from outbox order by order_id, version, position) e
join orders o on o.id = e.order_id
join order_history h on h.order_id = e.order_id and h.version = e.version;

-- Pieces that are cancelled by lines, parcels that are lost, and money that is owed.
alter table order_items add cancelled integer not null default 0
    constraint order_items_cancelled check (cancelled between 0 and quantity - shipped);
alter table order_shipments add lost_at timestamptz;
alter table orders add owed numeric not null default 0
    constraint orders_refunded_owed check (owed between 0 and coalesce(paid_amount, 0) - refunded);
update orders set owed = paid_amount - refunded where status in ('cancelled', 'failed') and paid_amount > refunded;
create index orders_owed_open on orders (placed_at desc, id desc) where owed > 0;

-- Lifecycle, refunds, stock, discounts and idempotency. The whole order at every version is in the history, as the very bytes
-- that are answered; the columns of orders and order_items are what filters, constraints and reports need.

alter table orders
    add external_id       text,
    add discount_code     text,
    add paid_amount       numeric(12, 2),
    add payment_method    text,
    add payment_reference text,
    add refunded          numeric(12, 2) not null default 0,
    -- Imported orders never took stock, so nothing comes back when they are cancelled or returned.
    add stock_taken       boolean not null default false,
    add constraint orders_paid check ((paid_amount is null) = (paid_at is null)),
    add constraint orders_refunded check (refunded >= 0 and refunded <= coalesce(paid_amount, 0));
create unique index orders_external_id on orders (external_id) where external_id is not null;

-- No order was paid before this migration: there was no way to pay one.
alter table order_items
    add discount numeric(12, 2) not null default 0 constraint order_items_discount check (discount between 0 and total),
    add shipped  integer not null default 0 constraint order_items_shipped check (shipped between 0 and quantity),
    add returned integer not null default 0 constraint order_items_returned check (returned between 0 and shipped);

create table order_refunds (
    id        text collate "C" primary key,
    order_id  text collate "C" not null references orders on delete cascade,
    amount    numeric(12, 2) not null constraint order_refunds_amount check (amount > 0),
    reason    text,
    reference text,
    at        timestamptz not null
);
create index order_refunds_order on order_refunds (order_id, at);

create table order_shipments (
    id       text collate "C" primary key,
    order_id text collate "C" not null references orders on delete cascade,
    carrier  text not null,
    tracking text,
    at       timestamptz not null
);
create index order_shipments_order on order_shipments (order_id, at);

-- Until now every version of every order is still in the outbox.
alter table order_history add type text, add state json, add traceparent text;
update order_history h set type = o.type, state = o.payload -> 'data', traceparent = o.traceparent
from outbox o where o.order_id = h.order_id and o.version = h.version;
alter table order_history alter type set not null, alter state set not null;
-- Cheaper than the default where the server was built with it.
do $$ begin
    alter table order_history alter state set compression lz4;
exception when feature_not_supported then
    raise notice 'order_history.state keeps the default compression: this server has no lz4';
end $$;

create table discounts (
    code         text collate "C" primary key constraint discounts_code check (code ~ '^[A-Z0-9_-]{1,40}$'),
    percent      numeric(5, 2) constraint discounts_percent check (percent > 0 and percent <= 100),
    amount       numeric(12, 2) constraint discounts_amount check (amount > 0),
    min_subtotal numeric(12, 2) not null constraint discounts_min_subtotal check (min_subtotal >= 0),
    starts_at    timestamptz,
    ends_at      timestamptz,
    uses_max     integer constraint discounts_uses_max check (uses_max > 0),
    uses         integer not null default 0 constraint discounts_uses check (uses >= 0 and uses <= coalesce(uses_max, uses)),
    active       boolean not null,
    constraint discounts_kind check ((percent is null) <> (amount is null))
);

-- A key and what it led to, written by the very transaction that did the work: a failed attempt leaves nothing here.
-- A reply that is an order is not stored again: order_id and version say where it is.
create table idempotency_keys (
    owner       text not null,
    key         text not null,
    fingerprint bytea not null,
    status      smallint not null,
    location    text,
    order_id    text collate "C",
    version     integer,
    body        json,
    created_at  timestamptz not null default now(),
    primary key (owner, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);

-- Takes pieces from the shelf, all or none; less than zero gives back. The ids come sorted, so that two orders never wait for each
-- other. Raises OR001 with the product's id when there is no such product for sale or not enough of it.
create function take_stock(ids text[], pieces integer[]) returns void language plpgsql as $$
begin
    for i in 1 .. coalesce(cardinality(ids), 0) loop
        if pieces[i] > 0 then
            update products set stock = stock - pieces[i] where id = ids[i] and active and stock >= pieces[i];
            if not found then raise exception using errcode = 'OR001', message = ids[i]; end if;
        else
            -- A product that was deleted meanwhile has no shelf to come back to; a full one stays full.
            update products set stock = least(stock::bigint - pieces[i], 2147483647) where id = ids[i];
        end if;
    end loop;
end $$;

-- Counts a use of a limited code. Raises OR002 when it is used up.
create function use_discount(wanted text) returns void language plpgsql as $$
begin
    update discounts set uses = uses + 1 where code = wanted and uses < uses_max;
    if not found and exists (select from discounts where code = wanted and uses_max is not null) then
        raise exception using errcode = 'OR002', message = wanted;
    end if;
end $$;

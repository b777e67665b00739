-- Ids are text as they stand on the wire; collation "C" compares bytes, which is fast and keeps UUIDv7 in time order.

create table customers (
    client_id     text collate "C" primary key,
    first_name    text not null,
    last_name     text not null,
    email         text not null,
    phone_number  text not null,
    date_of_birth date,
    gender        text,
    occupation    text,
    created_at    date,
    updated_at    date,
    status        text not null constraint customers_status check (status in ('active', 'inactive', 'suspended'))
);

create table addresses (
    address_id    text collate "C" primary key,
    client_id     text collate "C" not null constraint addresses_customer references customers,
    neighborhood  text,
    coordinates   double precision[],
    road          text,
    house_number  text,
    suburb        text,
    city_district text,
    state         text,
    postcode      text,
    country       text,
    lat           text,
    lon           text
);
create index addresses_client_id on addresses (client_id);

create table products (
    id           text collate "C" primary key,
    sku          text collate "C" not null constraint products_sku unique,
    name         text not null,
    description  text not null,
    category     text not null,
    manufacturer text not null,
    price        numeric(12, 2) not null constraint products_price check (price >= 0),
    currency     text not null constraint products_currency check (currency ~ '^[A-Z]{3}$'),
    weight       numeric(10, 3) not null constraint products_weight check (weight >= 0),
    stock        integer not null constraint products_stock check (stock >= 0),
    active       boolean not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null
);

-- No foreign key from an order to customer, address or product: orders hold copies, and deleting an original changes no order.
create table orders (
    id             text collate "C" primary key,
    number         text collate "C" not null constraint orders_number unique,
    status         text not null constraint orders_status check (status in
                       ('placed', 'confirmed', 'paid', 'shipped', 'delivered', 'cancelled', 'returned', 'failed')),
    version        integer not null constraint orders_version check (version >= 1),
    channel        text not null,
    customer_id    text collate "C" not null,
    customer_name  text not null,
    customer_email text not null,
    customer_phone text not null,
    address_id     text not null,
    road           text not null,
    house_number   text not null,
    neighborhood   text not null,
    suburb         text not null,
    city_district  text not null,
    state          text not null,
    postcode       text not null,
    country        text not null,
    lat            double precision,
    lon            double precision,
    currency       text not null,
    subtotal       numeric(12, 2) not null,
    discount       numeric(12, 2) not null,
    shipping       numeric(12, 2) not null,
    tax            numeric(12, 2) not null,
    total          numeric(12, 2) not null,
    total_weight   numeric(12, 3) not null,
    placed_at      timestamptz not null,
    updated_at     timestamptz not null,
    confirmed_at   timestamptz,
    paid_at        timestamptz,
    shipped_at     timestamptz,
    delivered_at   timestamptz,
    cancelled_at   timestamptz,
    returned_at    timestamptz,
    failed_at      timestamptz,
    reason         text,
    constraint orders_total check (total = subtotal - discount + shipping and total >= 0)
);
create index orders_placed_at on orders (placed_at desc, id desc);
create index orders_customer on orders (customer_id, placed_at desc, id desc);

create table order_items (
    order_id    text collate "C" not null references orders on delete cascade,
    line        integer not null,
    product_id  text collate "C" not null,
    sku         text not null,
    name        text not null,
    description text not null,
    category    text not null,
    unit_price  numeric(12, 2) not null constraint order_items_price check (unit_price >= 0),
    weight      numeric(10, 3) not null,
    quantity    integer not null constraint order_items_quantity check (quantity between 1 and 1000),
    total       numeric(12, 2) not null constraint order_items_total check (total = unit_price * quantity),
    primary key (order_id, line)
);

-- One row per version. change_id tells a writer whose reply was lost that the change was its own.
create table order_history (
    order_id  text collate "C" not null references orders on delete cascade,
    version   integer not null,
    status    text not null,
    at        timestamptz not null,
    reason    text,
    change_id uuid not null,
    primary key (order_id, version)
);

-- Insert-only; rows leave by dropping a day's partition. No primary key: nothing looks a row up on the hot path.
-- "position" grows with every row; for one order it grows with its version, because the order's row lock is held.
create table outbox (
    position    bigint generated always as identity,
    created_at  timestamptz not null default now(),
    order_id    text collate "C" not null,
    version     integer not null,
    type        text not null,
    traceparent text,
    payload     json not null
) partition by range (created_at);
-- Rows land here only if nobody made partitions for days; the relay makes them ahead.
create table outbox_default partition of outbox default;

create publication orders_outbox for table outbox with (publish = 'insert', publish_via_partition_root = true);

-- One row: what the relay must remember beside the slot. A new slot starts at "now": whatever stands in the outbox then has
-- to be sent from the table.
create table outbox_relay (
    only_row      boolean primary key default true check (only_row),
    replay_needed boolean not null
);
insert into outbox_relay (replay_needed) values (true);

-- Who wants which events (subscriptions), each event that somebody wants, once (events), and one row for every pair of the
-- two (deliveries). The indexer writes events and deliveries from the stream before the stream's offsets move.

create table webhook_subscriptions (
    id                    text collate "C" primary key,
    owner_key             text collate "C" not null,
    -- null: the events of all customers
    customer_id           text collate "C",
    url                   text not null,
    event_types           text[] not null constraint webhook_event_types check (cardinality(event_types) >= 1),
    description           text,
    -- In clear: signing needs the secret itself.
    secret                text not null,
    previous_secret       text,
    previous_secret_until timestamptz,
    -- Older events were before its time.
    events_from           timestamptz not null,
    active                boolean not null,
    disabled_reason       text constraint webhook_disabled_reason check (disabled_reason in ('requested', 'failing', 'gone')),
    disabled_at           timestamptz,
    consecutive_failures  integer not null default 0,
    failing_since         timestamptz,
    last_success_at       timestamptz,
    -- Nothing is sent before.
    held_until            timestamptz,
    created_at            timestamptz not null,
    updated_at            timestamptz not null,
    -- Gone for everybody; its deliveries leave little by little, then the row.
    deleted_at            timestamptz,
    constraint webhook_active check (active = (disabled_reason is null))
);
create index webhook_subscriptions_customer on webhook_subscriptions (customer_id);
create index webhook_subscriptions_owner on webhook_subscriptions (owner_key);

create table webhook_events (
    event_id    text collate "C" primary key,
    type        text not null,
    -- null for a test
    order_id    text collate "C",
    customer_id text collate "C",
    traceparent text,
    -- The event as it stands on the topic, byte for byte; text, because nothing in here has to understand it.
    payload     text not null,
    at          timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index webhook_events_recorded_at on webhook_events (recorded_at);

-- No foreign keys: events and subscriptions leave after their deliveries, and a check per row would cost more than the row.
create table webhook_deliveries (
    event_id        text collate "C" not null,
    subscription_id text collate "C" not null,
    status          text not null default 'pending'
                        constraint webhook_delivery_status check (status in ('pending', 'delivered', 'failed')),
    -- Grows with every claim and so tells a claim from an earlier one; a redelivery starts a new round of tries.
    attempts        integer not null default 0,
    round_start     integer not null default 0,
    -- When to try next; of a claimed row, when the claim ends.
    due_at          timestamptz not null,
    claimed_at      timestamptz,
    recorded_at     timestamptz not null,
    delivered_at    timestamptz,
    expires_at      timestamptz not null,
    -- The last tries, oldest first: [{at, status_code, latency_ms, error, response}].
    log             jsonb not null default '[]',
    primary key (event_id, subscription_id)
) with (autovacuum_vacuum_scale_factor = 0.02);
create index webhook_deliveries_due on webhook_deliveries (subscription_id, due_at) where status = 'pending';
create index webhook_deliveries_log on webhook_deliveries (subscription_id, recorded_at desc, event_id desc);
create index webhook_deliveries_open on webhook_deliveries (subscription_id, status, recorded_at desc, event_id desc)
    where status <> 'delivered';
create index webhook_deliveries_expiry on webhook_deliveries (expires_at);

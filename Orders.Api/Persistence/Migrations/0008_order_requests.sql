-- Orders that were asked for with "Prefer: respond-async": accepted here, placed when they come back over the inbound topic.
create table order_requests (
    id           text collate "C" primary key,
    owner        text not null,
    -- The customer that the caller's key is bound to.
    customer_id  text,
    key          text,
    fingerprint  bytea not null,
    status       text not null constraint order_requests_status check (status in ('accepted', 'placed', 'refused')),
    command      json not null,
    order_id     text collate "C",
    problem      json,
    created_at   timestamptz not null,
    -- When it was last handed to Kafka; null: not yet.
    sent_at      timestamptz,
    done_at      timestamptz,
    constraint order_requests_done check ((status = 'accepted') = (done_at is null))
);
create unique index order_requests_key on order_requests (owner, key) where key is not null;
create index order_requests_open on order_requests (sent_at nulls first) where status = 'accepted';
create index order_requests_done on order_requests (done_at) where done_at is not null;

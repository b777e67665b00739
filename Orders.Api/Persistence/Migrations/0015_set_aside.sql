-- Events that Kafka refused for what they are (too large, above all). They are kept here whole, so that the stream goes on without them,
-- until an operator has them sent again or discards them.
create table outbox_set_aside (
    -- The event's own id: {order id}.{version}.
    id           text collate "C" primary key,
    order_id     text collate "C" not null,
    version      integer not null,
    type         text not null,
    traceparent  text,
    payload      json not null,
    bytes        integer not null,
    -- Kafka's code of the refusal, and its words.
    reason       text not null,
    detail       text not null,
    -- How often it was refused: once more after each retry.
    refusals     integer not null default 1,
    state        text not null default 'open'
                     constraint outbox_set_aside_state check (state in ('open', 'retried', 'discarded')),
    set_aside_at timestamptz not null,
    settled_at   timestamptz,
    -- The id of the key that settled it.
    settled_by   text,
    note         text,
    constraint outbox_set_aside_settled check ((state = 'open') = (settled_at is null))
);
create index outbox_set_aside_time on outbox_set_aside (set_aside_at desc, id desc);
create index outbox_set_aside_open on outbox_set_aside (set_aside_at desc, id desc) where state = 'open';
create index outbox_set_aside_settled_at on outbox_set_aside (settled_at) where settled_at is not null;

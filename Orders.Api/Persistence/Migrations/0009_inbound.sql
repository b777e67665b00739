-- How far the changes of each row of a legacy table have been followed: older ones change nothing.
create table inbound_positions (
    source   text collate "C" not null,
    id       text collate "C" not null,
    -- Greater as text means later in the legacy database's log.
    position text collate "C" not null,
    at       timestamptz not null,
    primary key (source, id)
);

-- Dead letters of all topics, copied from Kafka: there they are dropped after some days, here they stay until somebody has settled them.
create table dead_letters (
    id              text collate "C" primary key,
    -- The group that gave up, and the record that it gave up on.
    consumer        text not null,
    topic           text not null,
    partition       integer not null,
    position        bigint not null,
    reason          text not null,
    detail          text not null,
    failed_at       timestamptz not null,
    traceparent     text,
    -- The very bytes.
    key             bytea,
    value           bytea,
    -- The value did not fit into the letter and was gone when the letter was copied.
    omitted_bytes   integer,
    headers         jsonb,
    produced_at     timestamptz,
    state           text not null default 'open' constraint dead_letters_state check (state in ('open', 'retried', 'discarded')),
    recorded_at     timestamptz not null,
    settled_at      timestamptz,
    -- The id of the key of whoever settled it.
    settled_by      text,
    note            text,
    -- When and where it was sent again; absent while that is still to be done.
    sent_at         timestamptz,
    sent_partition  integer,
    sent_position   bigint,
    constraint dead_letters_settled check ((state = 'open') = (settled_at is null)),
    constraint dead_letters_sent check (sent_at is null or state = 'retried')
);
create index dead_letters_time on dead_letters (failed_at desc, id desc);
create index dead_letters_open on dead_letters (failed_at desc, id desc) where state = 'open';
create index dead_letters_to_send on dead_letters (failed_at, id) where state = 'retried' and sent_at is null;
create index dead_letters_settled_at on dead_letters (settled_at) where settled_at is not null;

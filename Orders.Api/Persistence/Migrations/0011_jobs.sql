-- Long work (rebuild, verify, replay ...): the api writes down what is wanted, an indexer does it and keeps here how far it is, so that
-- another one goes on where it died.
create table jobs (
    id               text collate "C" primary key,
    kind             text not null,
    parameters       jsonb not null,
    state            text not null constraint jobs_state check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    progress         jsonb,
    result           jsonb,
    error            text,
    cancel_requested boolean not null default false,
    created_by       text not null,
    created_at       timestamptz not null default now(),
    -- A job that failed for a while is tried again then.
    due_at           timestamptz not null default now(),
    started_at       timestamptz,
    finished_at      timestamptz,
    attempts         integer not null default 0,
    -- Who works on it, and until when that is believed without another sign of life.
    owner            text,
    lease_until      timestamptz,
    constraint jobs_finished check ((finished_at is not null) = (state in ('succeeded', 'failed', 'cancelled'))),
    constraint jobs_owned check ((owner is not null) = (state = 'running'))
);
-- One of a kind at a time.
create unique index jobs_running on jobs (kind) where state = 'running';
create index jobs_open on jobs (created_at) where state in ('queued', 'running');
create index jobs_finished_at on jobs (finished_at) where finished_at is not null;
create index jobs_kind on jobs (kind, created_at desc);

-- One row: what all writers of the search index agree on. Its lock is a lock of the database, not of the row (see SearchGate). Another
-- epoch means: what was remembered of the index is void. Until closed_until nobody but who closed it writes.
create table search_gate (
    only_row     boolean primary key default true check (only_row),
    epoch        bigint not null,
    closed_until timestamptz
);
insert into search_gate (epoch) values (1);

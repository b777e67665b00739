-- How long changes take to get somewhere: delays since their commit, counted in buckets by minute and stage. Every process adds its own.
create table freshness (
    minute timestamptz not null,
    stage  text collate "C" not null,
    counts bigint[] not null,
    primary key (minute, stage)
);

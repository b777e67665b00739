-- How old a closed order may be and still be in the search index, as the indexers are told. Null until the first one has started.
alter table search_gate add column hot_window interval;

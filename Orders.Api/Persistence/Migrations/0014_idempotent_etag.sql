-- A reply that is given again has the ETag that it had the first time; an order's follows from its version.
alter table idempotency_keys add column etag text;

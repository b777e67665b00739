-- A revoked key's webhooks stop.
alter table webhook_subscriptions drop constraint webhook_disabled_reason;
alter table webhook_subscriptions add constraint webhook_disabled_reason
    check (disabled_reason in ('requested', 'failing', 'gone', 'key_revoked'));

update webhook_subscriptions s set active = false, disabled_reason = 'key_revoked', disabled_at = now()
from api_keys k where k.id = s.owner_key and k.revoked_at is not null and s.active and s.deleted_at is null;

-- The replies that hold a secret are found when the secret changes.
create index idempotency_keys_webhooks on idempotency_keys (location) where location like '/v1/webhooks/%';

-- API keys. A token is ordk_{id}_{secret}; of the secret only its SHA-256 is here.
create table api_keys (
    id                  text collate "C" primary key constraint api_keys_id check (id ~ '^[a-z0-9-]{1,32}$'),
    name                text not null,
    secret_hash         bytea not null constraint api_keys_secret_hash check (octet_length(secret_hash) = 32),
    previous_hash       bytea constraint api_keys_previous_hash check (octet_length(previous_hash) = 32),
    previous_until      timestamptz,
    scopes              text[] not null constraint api_keys_scopes
                            check (scopes <@ array['orders:read', 'orders:write', 'catalog:write', 'admin'] and scopes <> '{}'),
    customer_id         text collate "C",
    requests_per_second integer constraint api_keys_requests_per_second check (requests_per_second >= 1),
    burst               integer constraint api_keys_burst check (burst >= 1),
    configured          boolean not null,
    created_at          timestamptz not null,
    expires_at          timestamptz,
    revoked_at          timestamptz,
    last_used_at        timestamptz,
    constraint api_keys_previous check ((previous_hash is null) = (previous_until is null)),
    constraint api_keys_bound check (customer_id is null or scopes <@ array['orders:read', 'orders:write'])
);

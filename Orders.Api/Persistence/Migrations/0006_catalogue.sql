-- Text filters ignore case and accents and are served by trigram indexes. Both extensions come with PostgreSQL (contrib) and are
-- trusted: the owner of the database may create them.
create extension if not exists unaccent;
create extension if not exists pg_trgm;

-- unaccent() is only "stable", because its dictionary can be replaced; an index needs a function that says it never changes.
create function folded(text) returns text language sql immutable strict parallel safe
    return lower(unaccent('unaccent'::regdictionary, $1));

-- What contains this word. Escaped after folding: unaccent makes plain signs out of fullwidth ones.
create function folded_pattern(text) returns text language sql immutable strict parallel safe
    return '%' || replace(replace(replace(folded($1), '\', '\\'), '%', '\%'), '_', '\_') || '%';

-- Raised by every change of a product but those of its stock: orders take pieces all day long, and nobody who edits the description
-- should lose a race against them.
alter table products add column version integer not null default 1 constraint products_version check (version >= 1);

-- No index holds the stock, so that taking pieces stays a heap-only update.
create index products_category on products (category, id);
create index products_name on products (name, id);
create index products_price on products (price, id);
create index products_text on products
    using gin (folded(sku || E'\n' || name || E'\n' || description) gin_trgm_ops);

create index customers_list on customers (status, client_id);
create index customers_text on customers
    using gin (folded(first_name || ' ' || last_name || E'\n' || email || E'\n' || phone_number) gin_trgm_ops);

-- Lists go by (filter, id).
drop index addresses_client_id;
create index addresses_client_id on addresses (client_id, address_id);
create index addresses_district on addresses (city_district, address_id);
create index addresses_postcode on addresses (postcode, address_id);

-- A customer's addresses go with the customer. By the constraint and not by a second statement, because it also sees an address that
-- somebody adds at the same moment.
alter table addresses drop constraint addresses_customer;
alter table addresses add constraint addresses_customer
    foreign key (client_id) references customers on delete cascade;

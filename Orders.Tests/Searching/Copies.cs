using Orders.Tests.Support;

namespace Orders.Tests.Searching;

/// <summary>Many orders like one that exists, written as the API would have: all rows, history and events in one transaction.</summary>
internal static class Copies
{
    /// <param name="app">The application.</param>
    /// <param name="orderId">The original; of its events only the newest one's is copied, as the first one of the copies.</param>
    /// <param name="count">How many.</param>
    /// <param name="age">How much longer ago than the original they were placed.</param>
    /// <param name="published">Whether their events are sent; otherwise only the database has them.</param>
    /// <returns>Their ids.</returns>
    public static async Task<List<string>> MakeAsync(
        OrdersApplication app, string orderId, int count, TimeSpan age = default, bool published = true) =>
        await app.Database.ListAsync<string>(
            """
            with source as materialized (
                select o as row, h.state, h.type, h.traceparent, o.number, o.placed_at,
                    (select e.payload ->> 'dataschema' from outbox e where e.order_id = o.id and e.version = o.version limit 1) as schema,
                    to_char(o.placed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as text
                from orders o join order_history h on h.order_id = o.id and h.version = o.version where o.id = $1
            ), copies as (
                select 'ord-' || gen_random_uuid() as id, upper(substr(md5(gen_random_uuid()::text), 1, 16)) as number
                from generate_series(1, $2) n
            ), made as (
                select c.*, s.row, s.type, s.schema, s.number as old_number, s.text as old_text, s.placed_at - $3 as at,
                    replace(replace(replace(s.state::text, $1, c.id), s.number, c.number),
                    '"placed_at":"' || s.text, '"placed_at":"' || to_char((s.placed_at - $3) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'))
                    as state
                from source s, copies c
            ), orders_ as (
                insert into orders select (jsonb_populate_record(m.row,
                    jsonb_build_object('id', m.id, 'number', m.number, 'external_id', null, 'placed_at', m.at))).* from made m
            ), items as (
                insert into order_items select (jsonb_populate_record(i, jsonb_build_object('order_id', m.id))).*
                from made m, order_items i where i.order_id = $1
            ), history as (
                insert into order_history (order_id, version, status, at, change_id, type, state)
                select m.id, h.version, h.status, now(), gen_random_uuid(), h.type,
                    (replace(replace(replace(h.state::text, $1, m.id), old_number, m.number), '"placed_at":"' || old_text,
                        '"placed_at":"' || to_char(m.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')))::json
                from made m, order_history h where h.order_id = $1
            ), events as (
                insert into outbox (order_id, version, type, payload)
                select id, (row).version, type, json_build_object('specversion', '1.0', 'id', id || '.' || (row).version,
                    'source', '/orders', 'type', type, 'subject', id, 'time', now(), 'datacontenttype', 'application/json',
                    'dataschema', schema, 'data', state::json)
                from made where $4
            )
            select id from made
            """, orderId, count, age, published);
}

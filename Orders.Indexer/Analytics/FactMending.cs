using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;

namespace Orders.Indexer.Analytics;

/// <summary>A fact that is not what the tables of the orders say.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Expected">Its version.</param>
/// <param name="Version">The fact's; null: there is none.</param>
internal sealed record DifferingFact(string OrderId, int Expected, int? Version);

/// <summary>
/// Makes facts what the tables of the orders say, whatever they say now.
/// Invariant: facts that were wrong may have been summed up as they are or as they had been, so the months that they were or are in are
/// counted anew by the same transaction. It keeps all other writers out from its beginning, because nobody may change from sharing
/// to excluding: two that tried would wait for each other.
/// </summary>
internal sealed class FactMending(NpgsqlDataSource database, IOptions<AnalyticsOptions> options)
{
    /// <summary>All but the segment, which follows from the customer's other orders.</summary>
    private const string Columns = """
        order_id, version, number, status, channel, customer_id, city_district, postcode, currency, lines, items, subtotal, discount,
        shipping, tax, total, refunded, total_weight, discount_code, payment_method, placed_at, updated_at, confirmed_at, paid_at,
        shipped_at, delivered_at, cancelled_at, returned_at, failed_at, owed
        """;

    private const string Differing = $"""
        with lines as (
            select order_id
            from (select e.order_id, e.line, row(e.*)::analytics.order_item_facts as whole
                from analytics.expected_items e where e.order_id = any ($1)) e
            full join (select f.order_id, f.line, f as whole from analytics.order_item_facts f where f.order_id = any ($1)) f
                using (order_id, line)
            where e.whole is distinct from f.whole
        )
        select e.order_id, e.version, f.version
        from (select {Columns} from analytics.expected_orders where order_id = any ($1)) e
        left join (select {Columns} from analytics.order_facts where order_id = any ($1)) f on f.order_id = e.order_id
        left join (select order_id, segment from analytics.order_facts where order_id = any ($1)) s on s.order_id = e.order_id
        left join analytics.customer_facts k on k.customer_id = f.customer_id
        left join lateral (select p.order_id, p.placed_at from analytics.order_facts p where p.customer_id = f.customer_id
            order by p.placed_at, p.order_id limit 1) first on true
        where row(e.*) is distinct from row(f.*)
            or s.segment is distinct from case when first.order_id = f.order_id then 'new' else 'returning' end
            or k.first_order_id is distinct from first.order_id or k.first_placed_at is distinct from first.placed_at
            or e.order_id in (select order_id from lines)
        """;

    private const string Strangers = "select id from unnest($1::text[]) id where not exists (select from orders o where o.id = id.id)";

    private const string Exclude = "select pg_advisory_xact_lock(hashtext('analytics.rollups'))";

    private const string Customers =
        "select customer_id from orders where id = any ($1) union select customer_id from analytics.order_facts where order_id = any ($1)";

    /// <summary>
    /// The first order of each customer that these orders or their facts name, from all other facts and the orders themselves; what was
    /// remembered of it is set right.
    /// </summary>
    private const string SetFirsts = $"""
        with firsts as (
            select c.customer_id, first.order_id, first.placed_at
            from ({Customers}) c
            left join lateral (
                (select f.order_id, f.placed_at from analytics.order_facts f
                    where f.customer_id = c.customer_id and f.order_id <> all ($1) order by f.placed_at, f.order_id limit 1)
                union all
                (select o.id, o.placed_at from orders o where o.customer_id = c.customer_id and o.id = any ($1)
                    order by o.placed_at, o.id limit 1)
                order by placed_at, order_id limit 1) first on true
        ), gone as (
            delete from analytics.customer_facts k using firsts f where k.customer_id = f.customer_id and f.order_id is null
        ), mended as (
            update analytics.customer_facts k set first_order_id = f.order_id, first_placed_at = f.placed_at
            from firsts f where k.customer_id = f.customer_id and f.order_id is not null
        )
        select order_id from firsts where order_id is not null
        """;

    /// <summary>$1: the orders; $2: what else is written anew.</summary>
    private const string Months = $"""
        select distinct date_trunc('month', at, 'UTC') from (
            select placed_at as at from analytics.order_facts where order_id = any ($1 || $2)
            union all select placed_at from orders where id = any ($1 || $2)
            union all select placed_at from analytics.order_facts where segment = 'new' and customer_id in ({Customers})) touched
        where at > '-infinity' and at < 'infinity'
        """;

    /// <summary>With the others kept out a fact that is newer than its order is wrong, not early.</summary>
    private const string Lower = """
        update analytics.order_facts f set version = 0 from orders o
        where f.order_id = any ($1) and o.id = f.order_id and f.version > o.version
        """;

    private const string Write = """
        select count(*) from analytics.apply(
            array(select row(e.*)::analytics.order_facts from analytics.expected_orders e where e.order_id = any ($1)),
            array(select row(e.*)::analytics.order_item_facts from analytics.expected_items e where e.order_id = any ($1)), $1)
        """;

    /// <summary>Which of the orders that the tables have are not in the facts just so.</summary>
    public async Task<List<DifferingFact>> DifferingAsync(string[] orderIds, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = Command(connection, Differing, (object)orderIds);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var differing = new List<DifferingFact>();
        while (await rows.ReadAsync(cancel)) differing.Add(Read(rows));
        return differing;
    }

    /// <summary>Writes those that differ, removes those that are in no table, and leaves the others alone.</summary>
    public async Task MendAsync(string[] orderIds, CancellationToken cancel)
    {
        await using (var connection = await database.OpenConnectionAsync(cancel))
        {
            var strangers = await ListAsync<string>(connection, Strangers, cancel, (object)orderIds);
            if (strangers.Count > 0) await DoAsync(connection, "select analytics.forget($1)", cancel, (object)strangers.ToArray());
        }

        string[] differing = [.. (await DifferingAsync(orderIds, cancel)).Select(fact => fact.OrderId)];
        if (differing.Length > 0) await WriteAsync(differing, cancel);
    }

    private async Task WriteAsync(string[] orderIds, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await DoAsync(connection, Exclude, cancel);
        var firsts = (await ListAsync<string>(connection, SetFirsts, cancel, (object)orderIds)).ToArray();
        var months = await ListAsync<DateTimeOffset>(connection, Months, cancel, orderIds, firsts);
        await DoAsync(connection, Lower, cancel, (object)orderIds);
        await DoAsync(connection, Write, cancel, (object)orderIds.Union(firsts, StringComparer.Ordinal).ToArray());
        foreach (var month in months) await DoAsync(connection, "select analytics.recount($1)", cancel, month);
        await transaction.CommitAsync(cancel);
    }

    private async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] arguments)
    {
        await using var command = Command(connection, sql, arguments);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var values = new List<T>();
        while (await rows.ReadAsync(cancel)) values.Add(await rows.GetFieldValueAsync<T>(0, cancel));
        return values;
    }

    private async Task DoAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] arguments)
    {
        await using var command = Command(connection, sql, arguments);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static DifferingFact Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetInt32(2));

    /// <summary>On a connection with a transaction it is part of that.</summary>
    private NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> arguments)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = AnalyticsStore.Seconds(options.Value.Timeout) };
        foreach (var argument in arguments) command.Parameters.Add(new() { Value = argument });
        return command;
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using Orders.Indexer.Drift;

namespace Orders.Indexer.Analytics;

/// <summary>
/// The rollups, month by month (UTC, <c>yyyy-MM</c>), against a recount of the facts. Facts and rollups change in one transaction and a
/// comparison is one statement, so whatever differs is wrong.
/// </summary>
internal sealed class Rollups(NpgsqlDataSource database, IOptions<AnalyticsOptions> options) : IDriftSums
{
    private const string Measures = "orders, items, revenue, discount, shipping, tax, refunded, cancelled, cancelled_amount, net_revenue";

    private const string Kinds = """
        dimension in ('status', 'district', 'channel', 'segment', 'category', 'product') and grain in ('hour', 'day', 'month')
        """;

    private const string Next = $"""
        select to_char(least(
            (select min(placed_at) from analytics.order_facts where placed_at >= $1),
            (select min(bucket) from analytics.rollups where {Kinds} and bucket >= $1)) at time zone 'UTC', 'YYYY-MM')
        """;

    private const string Hash = """
        ('x' || left(encode(sha256(convert_to(concat_ws('.', dimension, grain, extract(epoch from bucket)::bigint, currency, value,
            orders, items, trim_scale(revenue), trim_scale(discount), trim_scale(shipping), trim_scale(tax), trim_scale(refunded),
            cancelled, trim_scale(cancelled_amount), trim_scale(net_revenue)), 'UTF8')), 'hex'), 16))::bit(64)::bigint as hash
        """;

    /// <summary>Rows of nothing but zeros are what orders leave behind that count elsewhere by now.</summary>
    private const string Compare = $$"""
        with hours as materialized (
            select dimension, date_trunc('hour', placed_at, 'UTC') as hour, currency, value, sum(orders) as orders, sum(items) as items,
                sum(revenue) as revenue, sum(discount) as discount, sum(shipping) as shipping, sum(tax) as tax, sum(refunded) as refunded,
                sum(cancelled) as cancelled, sum(cancelled_amount) as cancelled_amount, sum(net_revenue) as net_revenue
            from analytics.contributions where placed_at >= $1 and placed_at < $2 group by 1, 2, 3, 4
        ), counted as (
            select dimension, g.grain, date_trunc(g.grain, hour, 'UTC') as bucket, currency, value, sum(orders)::bigint as orders,
                sum(items)::bigint as items, sum(revenue) as revenue, sum(discount) as discount, sum(shipping) as shipping, sum(tax) as tax,
                sum(refunded) as refunded, sum(cancelled)::bigint as cancelled, sum(cancelled_amount) as cancelled_amount,
                sum(net_revenue) as net_revenue
            from hours cross join (values ('hour' collate "C"), ('day'), ('month')) as g (grain) group by 1, 2, 3, 4, 5
        ), expected as (
            select dimension, grain, bucket, currency, value, {{Hash}} from counted
        ), actual as (
            select dimension, grain, bucket, currency, value, {{Hash}} from analytics.rollups
            where {{Kinds}} and bucket >= $1 and bucket < $2 and ({{Measures}}) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        )
        select count(e.hash), coalesce(sum(e.hash), 0), count(a.hash), coalesce(sum(a.hash), 0), count(*) filter (where a.hash is null),
            count(*) filter (where e.hash <> a.hash), count(*) filter (where e.hash is null),
            coalesce((array_agg(concat_ws('/', dimension, grain, to_char(bucket at time zone 'UTC', 'YYYY-MM-DD"T"HH24'), currency, value))
                filter (where e.hash is distinct from a.hash))[1:20], '{}')
        from expected e full join actual a using (dimension, grain, bucket, currency, value)
        """;

    public string Target => "analytics-rollups";

    /// <summary>The months that have orders or rollups.</summary>
    public async IAsyncEnumerable<string> PartsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var month = await NextAsync(null, cancel); month is not null; month = await NextAsync(month, cancel)) yield return month;
    }

    /// <summary>The first month after one that has orders or rollups; null: there is none.</summary>
    public async Task<string?> NextAsync(string? after, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        // Npgsql's word for "since ever".
        await using var command = Command(Next, after is null ? DateTimeOffset.MinValue : First(after).AddMonths(1));
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    public async Task<SumsComparison> CompareAsync(string part, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = Command(Compare, First(part), First(part).AddMonths(1));
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new SumsComparison(
            row.GetInt64(0), Checksum(row.GetDecimal(1)), row.GetInt64(2), Checksum(row.GetDecimal(3)), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6), await row.GetFieldValueAsync<string[]>(7, cancel));
    }

    public async Task RecountAsync(string part, CancellationToken cancel)
    {
        await using var command = Command("select analytics.recount($1)", First(part));
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static DateTimeOffset First(string month) =>
        DateTimeOffset.ParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Modulo 2^64.</summary>
    private static ulong Checksum(decimal sum)
    {
        const decimal Modulus = ulong.MaxValue + 1m;
        return (ulong)(((sum % Modulus) + Modulus) % Modulus);
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> arguments)
    {
        var command = database.CreateCommand(sql);
        command.CommandTimeout = AnalyticsStore.Seconds(options.Value.Timeout);
        foreach (var argument in arguments) command.Parameters.Add(new() { Value = argument });
        return command;
    }
}

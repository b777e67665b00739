using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Persistence;

namespace Orders.Api.Features;

/// <summary>Section <c>Orders:Stats</c>.</summary>
internal sealed class StatsOptions
{
    public const string Section = "Orders:Stats";

    /// <summary>Rows of a table up to which they are counted one by one. Default 100,000, 1 to 10,000,000.</summary>
    [Range(1, 10_000_000)]
    public int CountedRowsMax { get; set; } = 100_000;
}

/// <summary>
/// <c>GET /v1/stats</c>: how many rows each table holds, in one round trip. Exact up to a limit; beyond it PostgreSQL's own estimate,
/// which its vacuum keeps, so that no call reads tables that grow without end.
/// </summary>
internal static class Stats
{
    /// <param name="Customers">Rows.</param>
    /// <param name="Addresses">Rows.</param>
    /// <param name="Products">Rows.</param>
    /// <param name="Orders">Rows.</param>
    /// <param name="Estimated">Which of them are estimates; empty when all are exact.</param>
    public sealed record Counts(long Customers, long Addresses, long Products, long Orders, string[] Estimated);

    public static Task<Counts> Handle(OrdersDbContext db, IOptions<StatsOptions> options, CancellationToken cancel)
    {
        var most = options.Value.CountedRowsMax;
        return db.Database.SqlQuery<Counts>(
            $"""
            with counted (name, rows) as (
                select 'customers', (select count(*) from (select from customers limit {most} + 1) t)
                union all select 'addresses', (select count(*) from (select from addresses limit {most} + 1) t)
                union all select 'products', (select count(*) from (select from products limit {most} + 1) t)
                union all select 'orders', (select count(*) from (select from orders limit {most} + 1) t)
            ), told as (
                select name, rows > {most} as estimated,
                    case when rows > {most} then greatest(rows, c.reltuples::bigint) else rows end as rows
                from counted join pg_class c on c.oid = to_regclass(name)
            )
            select sum(rows) filter (where name = 'customers')::bigint as "Customers",
                sum(rows) filter (where name = 'addresses')::bigint as "Addresses",
                sum(rows) filter (where name = 'products')::bigint as "Products",
                sum(rows) filter (where name = 'orders')::bigint as "Orders",
                coalesce(array_agg(name) filter (where estimated), array[]::text[]) as "Estimated"
            from told
            """).SingleAsync(cancel);
    }
}

using Microsoft.EntityFrameworkCore;
using Orders.Api.Persistence;

namespace Orders.Api.Features;

/// <summary><c>GET /v1/stats</c>: how many rows each table holds, in one round trip.</summary>
internal static class Stats
{
    public sealed record Counts(long Customers, long Addresses, long Products, long Orders);

    public static Task<Counts> Handle(OrdersDbContext db, CancellationToken cancel) =>
        db.Database.SqlQuery<Counts>(
            $"""
            select (select count(*) from customers) as "Customers", (select count(*) from addresses) as "Addresses",
                   (select count(*) from products) as "Products", (select count(*) from orders) as "Orders"
            """).SingleAsync(cancel);
}

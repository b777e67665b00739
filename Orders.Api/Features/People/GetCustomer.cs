using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary><c>GET /v1/customers/{id}</c>.</summary>
internal static class GetCustomer
{
    public static async Task<IResult> Handle(string id, Caller caller, OrdersDbContext db, CancellationToken cancel) =>
        !id.Contains('\0') && caller.MaySee(id)
        && await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.ClientId == id, cancel) is { } customer
            ? TypedResults.Ok(customer)
            : PeopleExtensions.NoCustomer(id);
}

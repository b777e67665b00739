using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary><c>GET /v1/addresses/{id}</c>.</summary>
internal static class GetAddress
{
    public static async Task<IResult> Handle(string id, Caller caller, OrdersDbContext db, CancellationToken cancel) =>
        !id.Contains('\0')
        && await db.Addresses.AsNoTracking().SingleOrDefaultAsync(a => a.AddressId == id, cancel) is { } address
        && caller.MaySee(address.ClientId)
            ? TypedResults.Ok(address)
            : PeopleExtensions.NoAddress(id);
}

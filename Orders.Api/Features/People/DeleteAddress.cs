using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary><c>DELETE /v1/addresses/{id}</c>: removes an address. Orders that were sent to it keep what they copied.</summary>
internal static class DeleteAddress
{
    public static async Task<IResult> Handle(string id, Caller caller, OrdersDbContext db, CancellationToken cancel) =>
        !id.Contains('\0')
        && await db.Addresses
            .Where(a => a.AddressId == id && (caller.CustomerId == null || a.ClientId == caller.CustomerId)).ExecuteDeleteAsync(cancel) > 0
            ? TypedResults.NoContent()
            : PeopleExtensions.NoAddress(id);
}

using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary>
/// <c>DELETE /v1/customers/{id}</c>: removes a customer and, by the foreign key, all of the customer's addresses. Orders keep what they
/// copied, so nothing that was bought is lost.
/// </summary>
internal static class DeleteCustomer
{
    public static async Task<IResult> Handle(string id, Caller caller, OrdersDbContext db, CancellationToken cancel)
    {
        if (id.Contains('\0') || !caller.MaySee(id)) return PeopleExtensions.NoCustomer(id);
        if (caller.CustomerId is not null) return new OrderError.NotForCustomers("delete customers").ToProblem();
        return await db.Customers.Where(c => c.ClientId == id).ExecuteDeleteAsync(cancel) > 0
            ? TypedResults.NoContent()
            : PeopleExtensions.NoCustomer(id);
    }
}

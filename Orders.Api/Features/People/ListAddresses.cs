using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary><c>GET /v1/addresses</c>: by id, page by page.</summary>
internal static class ListAddresses
{
    public static async Task<IResult> Handle(Caller caller, OrdersDbContext db, string? limit, string? cursor, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var after = Paging.Parts(cursor, 1, check);
        if (check.Failed) return check.Problem;

        var query = db.Addresses.AsNoTracking();
        if (caller.CustomerId is { } own) query = query.Where(a => a.ClientId == own);
        if (after is [var last]) query = query.Where(a => string.Compare(a.AddressId, last) > 0);
        var rows = await query.OrderBy(a => a.AddressId).Take(size + 1).ToListAsync(cancel);
        return TypedResults.Ok(rows.ToPage(size, address => Paging.Cursor(address.AddressId)));
    }
}

/// <summary><c>GET /v1/customers/{id}/addresses</c>: a customer's addresses, at most one page of them.</summary>
internal static class ListCustomerAddresses
{
    public static async Task<IResult> Handle(string id, Caller caller, OrdersDbContext db, CancellationToken cancel)
    {
        if (id.Contains('\0') || !caller.MaySee(id) || !await db.Customers.AnyAsync(c => c.ClientId == id, cancel))
            return PeopleExtensions.NoCustomer(id);
        var rows = await db.Addresses.AsNoTracking().Where(a => a.ClientId == id)
            .OrderBy(a => a.AddressId).Take(ApiLimits.PageSizeMax).ToListAsync(cancel);
        return TypedResults.Ok(new Page<Address>(rows, null));
    }
}

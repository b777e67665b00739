using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary><c>GET /v1/customers</c>: by id, page by page.</summary>
internal static class ListCustomers
{
    public static async Task<IResult> Handle(
        Caller caller, OrdersDbContext db, string? limit, string? cursor, string? status, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var after = Paging.Parts(cursor, 1, check);
        var query = db.Customers.AsNoTracking();
        if (status is not null && check.OneOf("status", status, Customer.Statuses)) query = query.Where(c => c.Status == status);
        if (check.Failed) return check.Problem;

        if (caller.CustomerId is { } own) query = query.Where(c => c.ClientId == own);
        if (after is [var last]) query = query.Where(c => string.Compare(c.ClientId, last) > 0);
        var rows = await query.OrderBy(c => c.ClientId).Take(size + 1).ToListAsync(cancel);
        return TypedResults.Ok(rows.ToPage(size, customer => Paging.Cursor(customer.ClientId)));
    }
}

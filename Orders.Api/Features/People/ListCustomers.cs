using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Features.Catalogue;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary><c>GET /v1/customers</c>: by id, page by page; <c>text</c> looks into name, e-mail and phone number.</summary>
internal static class ListCustomers
{
    public sealed record Query(
        [FromQuery(Name = "limit")] string? Limit, [FromQuery(Name = "cursor")] string? Cursor,
        [FromQuery(Name = "status")] string? Status, [FromQuery(Name = "text")] string? Text);

    public static async Task<IResult> Handle(
        [AsParameters] Query query, HttpRequest request, Caller caller, OrdersDbContext db, IOptions<CatalogueOptions> options,
        CancellationToken cancel)
    {
        var check = new Check();
        check.Known(request.Query, "limit", "cursor", "status", "text");
        var size = Paging.Limit(query.Limit, check);
        var after = Paging.Parts(query.Cursor, 1, check);
        var words = TextFilter.Words(query.Text, options.Value, check);
        var customers = db.Customers.Containing("customers", TextFilter.Customers, words);
        if (query.Status is { } status && check.OneOf("status", status, Customer.Statuses))
            customers = customers.Where(c => c.Status == status);
        if (check.Failed) return check.Problem;

        if (caller.CustomerId is { } own) customers = customers.Where(c => c.ClientId == own);
        if (after is [var last]) customers = customers.Where(c => string.Compare(c.ClientId, last) > 0);
        var rows = await customers.OrderBy(c => c.ClientId).Take(size + 1).ToListAsync(cancel);
        return TypedResults.Ok(rows.ToPage(size, customer => Paging.Cursor(customer.ClientId)));
    }
}

using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary><c>GET /v1/addresses</c>: by id, page by page; of a customer, in a district, with a postcode.</summary>
internal static class ListAddresses
{
    public sealed record Query(
        [FromQuery(Name = "limit")] string? Limit, [FromQuery(Name = "cursor")] string? Cursor,
        [FromQuery(Name = "client_id")] string? ClientId, [FromQuery(Name = "city_district")] string? CityDistrict,
        [FromQuery(Name = "postcode")] string? Postcode);

    public static async Task<IResult> Handle(
        [AsParameters] Query query, HttpRequest request, Caller caller, OrdersDbContext db, CancellationToken cancel)
    {
        var check = new Check();
        check.Known(request.Query, "limit", "cursor", "client_id", "city_district", "postcode");
        var addresses = db.Addresses.AsNoTracking();
        if (query.ClientId is { } customer && check.Text("client_id", customer, max: 64))
            addresses = addresses.Where(a => a.ClientId == customer);
        if (query.CityDistrict is { } district && check.Text("city_district", district))
            addresses = addresses.Where(a => a.CityDistrict == district);
        if (query.Postcode is { } postcode && check.Text("postcode", postcode))
            addresses = addresses.Where(a => a.Postcode == postcode);
        if (caller.CustomerId is { } own) addresses = addresses.Where(a => a.ClientId == own);
        return await addresses.PageAsync(query.Limit, query.Cursor, check, cancel);
    }

    /// <summary>One page by id, unless something is wrong with the request.</summary>
    public static async Task<IResult> PageAsync(
        this IQueryable<Address> addresses, string? limit, string? cursor, Check check, CancellationToken cancel)
    {
        var size = Paging.Limit(limit, check);
        var after = Paging.Parts(cursor, 1, check);
        if (check.Failed) return check.Problem;

        if (after is [var last]) addresses = addresses.Where(a => string.Compare(a.AddressId, last) > 0);
        var rows = await addresses.OrderBy(a => a.AddressId).Take(size + 1).ToListAsync(cancel);
        return TypedResults.Ok(rows.ToPage(size, address => Paging.Cursor(address.AddressId)));
    }
}

/// <summary><c>GET /v1/customers/{id}/addresses</c>: a customer's addresses by id, page by page.</summary>
internal static class ListCustomerAddresses
{
    public static async Task<IResult> Handle(
        string id, string? limit, string? cursor, HttpRequest request, Caller caller, OrdersDbContext db, CancellationToken cancel)
    {
        var check = new Check();
        check.Known(request.Query, "limit", "cursor");
        if (id.Contains('\0') || !caller.MaySee(id) || !await db.Customers.AnyAsync(c => c.ClientId == id, cancel))
            return PeopleExtensions.NoCustomer(id);
        return await db.Addresses.AsNoTracking().Where(a => a.ClientId == id).PageAsync(limit, cursor, check, cancel);
    }
}

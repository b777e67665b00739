using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary>
/// <c>GET /v1/products</c>: page by page, by id, name or price. By id every product is met once; one whose name or price changes between
/// two pages of such an order may be met twice or not at all.
/// </summary>
internal static class ListProducts
{
    public static readonly string[] Sorts = ["id", "name", "price", "-id", "-name", "-price"];

    public sealed record Query(
        [FromQuery(Name = "limit")] string? Limit, [FromQuery(Name = "cursor")] string? Cursor, [FromQuery(Name = "sort")] string? Sort,
        [FromQuery(Name = "text")] string? Text, [FromQuery(Name = "category")] string[]? Category,
        [FromQuery(Name = "active")] string? Active, [FromQuery(Name = "price_min")] string? PriceMin,
        [FromQuery(Name = "price_max")] string? PriceMax);

    public static async Task<IResult> Handle(
        [AsParameters] Query query, HttpRequest request, OrdersDbContext db, IOptions<CatalogueOptions> options, CancellationToken cancel)
    {
        var check = new Check();
        check.Known(request.Query, "limit", "cursor", "sort", "text", "category", "active", "price_min", "price_max");
        var size = Paging.Limit(query.Limit, check);
        var sort = query.Sort ?? "id";
        var last = check.OneOf("sort", sort, Sorts) ? Position(query.Cursor, sort, check) : null;
        var words = TextFilter.Words(query.Text, options.Value, check);
        var rows = Filter(db.Products.Containing("products", TextFilter.Products, words), query, options.Value, check);
        if (check.Failed) return check.Problem;

        var page = await Ordered(rows, sort, last).Take(size + 1).ToListAsync(cancel);
        return TypedResults.Ok(page.ToPage(size, product => CursorOf(product, sort)));
    }

    private static IQueryable<Product> Filter(IQueryable<Product> rows, Query query, CatalogueOptions options, Check check)
    {
        if (query.Active is { } active)
        {
            if (active is "true" or "false") rows = rows.Where(p => p.Active == (active == "true"));
            else check.Fail("active", "must be true or false");
        }

        if (query.Category is { Length: > 0 } categories)
        {
            if (categories.Length > options.FilterValuesMax)
                check.Fail("category", string.Create(CultureInfo.InvariantCulture, $"must stand at most {options.FilterValuesMax} times"));
            if (categories.All(category => check.Text("category", category))) rows = rows.Where(p => categories.Contains(p.Category));
        }

        if (Price("price_min", query.PriceMin, check) is { } min) rows = rows.Where(p => p.Price >= min);
        if (Price("price_max", query.PriceMax, check) is { } max) rows = rows.Where(p => p.Price <= max);
        return rows;
    }

    private static decimal? Price(string field, string? text, Check check)
    {
        if (text is null) return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)) return price;
        check.Fail(field, "must be an amount such as 19.99");
        return null;
    }

    /// <summary>The order, from behind the last row of the page before. Ids settle equal names and prices.</summary>
    private static IQueryable<Product> Ordered(IQueryable<Product> rows, string sort, (string Key, string Id)? last)
    {
        var (key, id) = last ?? default;
        var from = last is not null;
        switch (sort)
        {
            case "name":
                if (from) rows = rows.Where(p => EF.Functions.GreaterThan(ValueTuple.Create(p.Name, p.Id), ValueTuple.Create(key, id)));
                return rows.OrderBy(p => p.Name).ThenBy(p => p.Id);
            case "-name":
                if (from) rows = rows.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.Name, p.Id), ValueTuple.Create(key, id)));
                return rows.OrderByDescending(p => p.Name).ThenByDescending(p => p.Id);
            case "price" or "-price":
                return ByPrice(rows, sort == "price", from ? (decimal.Parse(key, CultureInfo.InvariantCulture), id) : null);
            case "-id":
                if (from) rows = rows.Where(p => string.Compare(p.Id, id) < 0);
                return rows.OrderByDescending(p => p.Id);
            default:
                if (from) rows = rows.Where(p => string.Compare(p.Id, id) > 0);
                return rows.OrderBy(p => p.Id);
        }
    }

    private static IQueryable<Product> ByPrice(IQueryable<Product> rows, bool ascending, (decimal Price, string Id)? last)
    {
        var (price, id) = last ?? default;
        if (ascending)
        {
            if (last is not null)
                rows = rows.Where(p => EF.Functions.GreaterThan(ValueTuple.Create(p.Price, p.Id), ValueTuple.Create(price, id)));
            return rows.OrderBy(p => p.Price).ThenBy(p => p.Id);
        }

        if (last is not null)
            rows = rows.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.Price, p.Id), ValueTuple.Create(price, id)));
        return rows.OrderByDescending(p => p.Price).ThenByDescending(p => p.Id);
    }

    private static string CursorOf(Product product, string sort) => Paging.Cursor(sort, KeyOf(product, sort), product.Id);

    private static string KeyOf(Product product, string sort) => sort.TrimStart('-') switch
    {
        "name" => product.Name,
        "price" => product.Price.ToString(CultureInfo.InvariantCulture),
        _ => product.Id,
    };

    private static (string Key, string Id)? Position(string? cursor, string sort, Check check)
    {
        if (Paging.Parts(cursor, 3, check) is not [var of, var key, var id]) return null;
        var isPrice = sort.EndsWith("price", StringComparison.Ordinal);
        if (of == sort && (!isPrice || decimal.TryParse(key, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)))
            return (key, id);
        check.Fail("cursor", "is not a cursor of this list in this order");
        return null;
    }
}

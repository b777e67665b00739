using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Placing;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Discounts;

/// <summary>
/// <c>/v1/discounts</c>: the shop's discount codes. Orders keep what a code took off when they were placed, whatever becomes of it.
/// Not for customers: a list of codes is a list of presents.
/// </summary>
internal static class DiscountExtensions
{
    public static void MapDiscounts(this WebApplication app)
    {
        var example = DiscountBody.Example.ToDiscount(DiscountBody.Example.Code!, 3, "EUR");
        var discounts = app.MapGroup("/v1/discounts").WithTags("Discounts").RequireScope(Scopes.CatalogWrite, unbound: true)
            .Route("code", Values.Text(40), "The code.", DiscountBody.Example.Code!);
        discounts.MapPost("", CreateDiscount.Handle)
            .Describe("Create a discount code", "A percentage or an amount off the goods of an order, shared among its lines to the cent.")
            .Takes(DiscountBody.Example)
            .Replies(201, "The code.", example, CommonHeaders.Location)
            .Refuses(ProblemTypes.CodeTaken, ProblemTypes.IdempotencyKeyReused);
        discounts.MapGet("", ListDiscounts.Handle)
            .Describe("List discount codes", "By code, page by page.")
            .Paged()
            .Replies(200, "One page.", new Page<Discount>([example], Examples.Cursor));
        discounts.MapGet("/{code}", GetDiscount.Handle)
            .Describe("Read a discount code", "Uses are counted for codes with `uses_max` only.")
            .Replies(200, "The code.", example)
            .Refuses(ProblemTypes.NotFound);
        discounts.MapPut("/{code}", ReplaceDiscount.Handle)
            .Describe("Replace a discount code's terms", "For orders from now on. How often it was used stays.")
            .Takes(DiscountBody.Example)
            .Replies(200, "The code as it is now.", example)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.CodeUsedMore);
        discounts.MapDelete("/{code}", DeleteDiscount.Handle)
            .Describe("Delete a discount code", "Orders keep what it took off.")
            .Replies(204, "It is gone.")
            .Refuses(ProblemTypes.NotFound);
    }

    public static IResult NotFound(string code) => new OrderError.NotFound("discount code", code).ToProblem();
}

/// <summary><c>POST /v1/discounts</c>: adds a code. 409 when it is taken.</summary>
internal static class CreateDiscount
{
    public static async Task<IResult> Handle(
        JsonBody<DiscountBody> body, IdempotentRequest request, OrdersDbContext db, IOptions<PricingOptions> pricing,
        CancellationToken cancel)
    {
        var check = body.Value.Validate(body.Value.Code, pricing.Value.Currency);
        if (check.Failed) return check.Problem;
        if (await EarlierReply.FindAsync(db, request, cancel) is { } earlier) return earlier;

        var discount = body.Value.ToDiscount(body.Value.Code!, 0, pricing.Value.Currency);
        var location = "/v1/discounts/" + discount.Code;
        db.Discounts.Add(discount);
        db.Remember(request, StatusCodes.Status201Created, location, discount);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (error.ViolatedConstraint() == "discounts_pkey")
        {
            return Problems.Of(ProblemTypes.CodeTaken, $"code: there is a code '{discount.Code}'", new FieldError("code", "is taken"));
        }
        catch (DbUpdateException error) when (EarlierReply.IsRace(error))
        {
            return (await EarlierReply.FindAsync(db, request, cancel))!;
        }

        return TypedResults.Created(location, discount);
    }
}

/// <summary><c>GET /v1/discounts</c>: by code, page by page.</summary>
internal static class ListDiscounts
{
    public static async Task<IResult> Handle(OrdersDbContext db, string? limit, string? cursor, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var after = Paging.Parts(cursor, 1, check);
        if (check.Failed) return check.Problem;

        var query = db.Discounts.AsNoTracking();
        if (after is [var last]) query = query.Where(discount => string.Compare(discount.Code, last) > 0);
        var rows = await query.OrderBy(discount => discount.Code).Take(size + 1).ToListAsync(cancel);
        return TypedResults.Ok(rows.ToPage(size, discount => Paging.Cursor(discount.Code)));
    }
}

/// <summary><c>GET /v1/discounts/{code}</c>.</summary>
internal static class GetDiscount
{
    public static async Task<IResult> Handle(string code, OrdersDbContext db, CancellationToken cancel) =>
        code.Contains('\0') || await db.Discounts.AsNoTracking().SingleOrDefaultAsync(d => d.Code == code, cancel) is not { } discount
            ? DiscountExtensions.NotFound(code)
            : TypedResults.Ok(discount);
}

/// <summary><c>PUT /v1/discounts/{code}</c>: other terms for orders from now on. How often it was used stays.</summary>
internal static class ReplaceDiscount
{
    public static async Task<IResult> Handle(
        string code, JsonBody<DiscountBody> body, OrdersDbContext db, IOptions<PricingOptions> pricing, CancellationToken cancel)
    {
        var check = body.Value.Validate(code, pricing.Value.Currency);
        if (body.Value.Code is not null && body.Value.Code != code) check.Fail("code", "must be the code in the path");
        if (check.Failed) return check.Problem;

        var terms = body.Value.ToDiscount(code, 0, pricing.Value.Currency);
        // Uses are counted by orders that are being placed at this moment: they are not read and written back here.
        var changed = await db.Discounts
            .Where(discount => discount.Code == code && (terms.UsesMax == null || discount.Uses <= terms.UsesMax))
            .ExecuteUpdateAsync(set => set
                .SetProperty(d => d.Percent, terms.Percent).SetProperty(d => d.Amount, terms.Amount)
                .SetProperty(d => d.MinSubtotal, terms.MinSubtotal).SetProperty(d => d.StartsAt, terms.StartsAt)
                .SetProperty(d => d.EndsAt, terms.EndsAt).SetProperty(d => d.UsesMax, terms.UsesMax)
                .SetProperty(d => d.Active, terms.Active), cancel);
        if (changed == 0 && await db.Discounts.AnyAsync(discount => discount.Code == code, cancel))
        {
            return Problems.Of(ProblemTypes.CodeUsedMore, "uses_max: more orders than that have used the code",
                new FieldError("uses_max", "is less than its uses"));
        }

        return await GetDiscount.Handle(code, db, cancel);
    }
}

/// <summary><c>DELETE /v1/discounts/{code}</c>. Orders keep what it took off.</summary>
internal static class DeleteDiscount
{
    public static async Task<IResult> Handle(string code, OrdersDbContext db, CancellationToken cancel) =>
        !code.Contains('\0') && await db.Discounts.Where(d => d.Code == code).ExecuteDeleteAsync(cancel) > 0
            ? TypedResults.NoContent()
            : DiscountExtensions.NotFound(code);
}

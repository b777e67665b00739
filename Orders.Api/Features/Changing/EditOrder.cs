using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Placing;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Changing;

/// <summary>
/// <c>PATCH /v1/orders/{id}</c>: other lines or another address, until the order is paid. <c>If-Match</c> is required. Pieces that
/// stay keep what was agreed, added ones are bought at today's price and by today's rules; stock follows.
/// </summary>
internal static class EditOrder
{
    /// <param name="AddressId">Another address of the order's customer; absent: it stays.</param>
    /// <param name="Items">All lines of the order from now on; absent: they stay.</param>
    public sealed record Request(
        [StringLength(64, MinimumLength = 1)] string? AddressId, [UpTo(nameof(ApiLimits.OrderLinesMax))] IReadOnlyList<OrderLine?>? Items);

    public static async Task<IResult> Handle(
        string id, JsonBody<Request> body, ChangeContext context, OrderChanger orders, DraftReader drafts,
        IOptions<PricingOptions> pricing, HttpContext http, CancellationToken cancel)
    {
        var request = body.Value;
        var check = Validate(request);
        if (check.Failed) return check.Problem;
        if (http.Request.Headers.IfMatch.Count == 0) return new OrderError.VersionRequired(id).ToProblem();

        return await orders.ApplyAsync(id, context, async (OrderState order, DateTimeOffset now) =>
        {
            var ids = request.Items?.Select(line => line!.ProductId!).Distinct(StringComparer.Ordinal).ToArray() ?? [];
            var customerId = request.Items is null ? null : order.Customer.Id;
            var parts = await drafts.ReadAsync(customerId, request.AddressId, ids, null, null, cancel);
            if (request.AddressId is not null && (parts.Address is null || !context.Caller.MaySee(parts.Address.ClientId)))
                return new OrderError.Unusable("address_id", "there is no such address");
            var lines = request.Items?.Select(line => (line!.ProductId!, line.Quantity!.Value)).ToList();
            var edit = new OrderEdit(parts.Address, lines, parts.Products, parts.Customer?.Status, ApiLimits.OrderLinesMax);
            return order.Edit(edit, pricing.Value.ToPriceList(), now);
        }, cancel);
    }

    private static Check Validate(Request request)
    {
        var check = new Check();
        if (request.AddressId is null && request.Items is null) check.Fail("body", "must name address_id or items");
        if (request.AddressId is not null) check.Text("address_id", request.AddressId, max: 64);
        if (request.Items is not null) OrderLine.Validate(request.Items, check);
        return check;
    }
}

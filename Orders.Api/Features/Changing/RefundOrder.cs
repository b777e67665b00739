using System.ComponentModel.DataAnnotations;
using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Reading;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features.Changing;

/// <summary>
/// <c>POST /v1/orders/{id}/refunds</c>: adds an entry to the ledger of money that went back. As often as wanted, together never more
/// than was paid. Send an <c>Idempotency-Key</c>: two refunds of the same amount are two refunds.
/// </summary>
internal static class RefundOrder
{
    /// <param name="Amount">More than zero; absent: what the named pieces cost, or all that is left.</param>
    /// <param name="Reason">Why, at most 500 characters.</param>
    /// <param name="Reference">The payment provider's reference, at most 128 characters.</param>
    /// <param name="Lines">The pieces that it is for; absent: none are named.</param>
    /// <param name="ReturnId">The return that it is for.</param>
    public sealed record Request(
        [Decimals(Currencies.DecimalsMax), Range(0.0001, (double)Money.Max)] decimal? Amount,
        [StringLength(500, MinimumLength = 1)] string? Reason, [StringLength(128, MinimumLength = 1)] string? Reference,
        [UpTo(nameof(ApiLimits.OrderLinesMax))] IReadOnlyList<LinePieces?>? Lines, [StringLength(64, MinimumLength = 1)] string? ReturnId)
    {
        public Check Validate()
        {
            var check = new ReasonBody(Reason).Validate();
            if (Reference is not null) check.Text("reference", Reference, max: 128);
            if (ReturnId is not null) check.Text("return_id", ReturnId, max: 64);
            LinePieces.Read(Lines, check);
            if (Amount is not null && check.Decimals("amount", Amount, Currencies.DecimalsMax, Money.Max) && Amount == 0)
                check.Fail("amount", "must be more than 0");
            return check;
        }

        public Outcome<OrderChange> Decide(OrderState order, DateTimeOffset now) =>
            order.Refund(Amount, Reason, Reference, now, LinePieces.Read(Lines, new Check()), ReturnId);
    }

    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<Request> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var request = body.Value ?? new Request(null, null, null, null, null);
        var check = request.Validate();
        return check.Failed
            ? check.Problem
            : await orders.ApplyForShopAsync(id, "refund orders", context, request.Decide, cancel, StatusCodes.Status201Created);
    }
}

/// <summary><c>GET /v1/orders/{id}/refunds</c> and <c>/refunds/{refund}</c>: the ledger, oldest first.</summary>
internal static class ListRefunds
{
    public static async Task<IResult> Handle(string id, Caller caller, OrderReader orders, CancellationToken cancel) =>
        await ReadAsync(id, caller, orders, cancel) is { } refunds
            ? TaggedReply.Of(new Page<RefundState>(refunds, null))
            : GetOrder.NotFound(id);

    public static async Task<IResult> HandleOne(
        string id, string refund, Caller caller, OrderReader orders, CancellationToken cancel)
    {
        if (await ReadAsync(id, caller, orders, cancel) is not { } refunds) return GetOrder.NotFound(id);
        return refunds.FirstOrDefault(entry => entry.Id == refund) is { } found
            ? TaggedReply.Of(found)
            : new OrderError.NotFound("refund", refund).ToProblem();
    }

    private static async Task<IReadOnlyList<RefundState>?> ReadAsync(
        string id, Caller caller, OrderReader orders, CancellationToken cancel)
    {
        if (!OrderIds.IsId(id) || await orders.GetAsync(id, caller, cancel) is not { } order) return null;
        return OrderBytes.Read(order.Json.Span).Refunds ?? [];
    }
}

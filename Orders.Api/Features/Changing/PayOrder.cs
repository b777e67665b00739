using System.ComponentModel.DataAnnotations;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Changing;

/// <summary><c>POST /v1/orders/{id}/pay</c>: the money is here. The amount must be the order's total.</summary>
internal static class PayOrder
{
    /// <param name="Method">As the payment provider names it, e.g. <c>card</c>; at most 32 characters.</param>
    /// <param name="Reference">The payment provider's reference, at most 128 characters.</param>
    /// <param name="Amount">The order's total, in the order's currency.</param>
    public sealed record Request(
        [Required, StringLength(32)] string? Method, [StringLength(128, MinimumLength = 1)] string? Reference,
        [Required, Decimals(Currencies.DecimalsMax), Range(0, (double)Money.Max)] decimal? Amount)
    {
        public Check Validate()
        {
            var check = new Check();
            check.Text("method", Method, max: 32);
            if (Reference is not null) check.Text("reference", Reference, max: 128);
            check.Decimals("amount", Amount, Currencies.DecimalsMax, Money.Max);
            return check;
        }

        public Outcome<OrderChange> Decide(OrderState order, DateTimeOffset now) => order.Pay(Method!, Reference, Amount!.Value, now);
    }

    public static async Task<IResult> Handle(
        string id, JsonBody<Request> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var check = body.Value.Validate();
        return check.Failed
            ? check.Problem
            : await orders.ApplyForShopAsync(id, "pay orders", context, body.Value.Decide, cancel);
    }
}

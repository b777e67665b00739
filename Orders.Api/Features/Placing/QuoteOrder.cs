using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Placing;

/// <summary>What an order would cost if it were placed now.</summary>
/// <param name="Currency">Of all amounts.</param>
/// <param name="Subtotal">All lines.</param>
/// <param name="Discount">What the code takes off.</param>
/// <param name="Shipping">Shipping.</param>
/// <param name="Tax">The tax that is in the total.</param>
/// <param name="Total">What the customer pays.</param>
/// <param name="TotalWeight">Kilograms.</param>
/// <param name="Items">The lines as the order would have them.</param>
internal sealed record Quote(
    string Currency, decimal Subtotal, decimal Discount, decimal Shipping, decimal Tax, decimal Total, decimal TotalWeight,
    IReadOnlyList<OrderItemState> Items);

/// <summary>
/// <c>POST /v1/orders/quote</c>: takes what placing takes, decides as placing does, and writes nothing. It promises nothing either: prices,
/// stock and the uses of a code are looked at again when the order is placed.
/// </summary>
internal static class QuoteOrder
{
    public static async Task<IResult> Handle(
        JsonBody<OrderRequest> body, Caller caller, OrderPlacer placer, CancellationToken cancel)
    {
        var decided = await placer.QuoteAsync(body.Value, caller, cancel);
        return decided.Value is { Order: var order }
            ? TypedResults.Ok(new Quote(
                order.Currency, order.Subtotal, order.Discount, order.Shipping, order.Tax, order.Total, order.TotalWeight, order.Items))
            : decided.Error!.ToProblem();
    }
}

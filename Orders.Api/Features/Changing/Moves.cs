using System.ComponentModel.DataAnnotations;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Changing;

/// <summary><c>POST /v1/orders/{id}/confirm</c>: the shop takes the order on.</summary>
internal static class ConfirmOrder
{
    public static Task<IResult> Handle(string id, ChangeContext context, OrderChanger orders, CancellationToken cancel) =>
        orders.ApplyForShopAsync(id, "confirm orders", context, (order, now) => order.Confirm(now), cancel);
}

/// <summary><c>POST /v1/orders/{id}/deliver</c>: the last parcel has arrived.</summary>
internal static class DeliverOrder
{
    public static Task<IResult> Handle(string id, ChangeContext context, OrderChanger orders, CancellationToken cancel) =>
        orders.ApplyForShopAsync(id, "deliver orders", context, (order, now) => order.Deliver(now), cancel);
}

/// <summary>
/// <c>POST /v1/orders/{id}/cancel</c>: cancels an order that is placed, confirmed or paid and gives its pieces back; with <c>items</c>
/// those pieces of a paid order that have not left.
/// </summary>
internal static class CancelOrder
{
    /// <param name="Reason">Why, in words; at most 500 characters.</param>
    /// <param name="Items">Pieces of lines; absent: the whole order.</param>
    public sealed record Request(
        [StringLength(500, MinimumLength = 1)] string? Reason, [UpTo(nameof(ApiLimits.OrderLinesMax))] IReadOnlyList<LinePieces?>? Items)
    {
        public Check Validate()
        {
            var check = new ReasonBody(Reason).Validate();
            LinePieces.Read(Items, check, "items");
            return check;
        }

        public Outcome<OrderChange> Decide(OrderState order, DateTimeOffset now) =>
            LinePieces.Read(Items, new Check()) is { } lines ? order.CancelLines(lines, Reason, now) : order.Cancel(Reason, now);
    }

    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<Request> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var request = body.Value ?? new Request(null, null);
        var check = request.Validate();
        return check.Failed ? check.Problem : await orders.ApplyAsync(id, context, request.Decide, cancel);
    }
}

/// <summary>
/// <c>POST /v1/orders/{id}/shipments/{shipment}/lost</c>: the parcel will not arrive; its pieces can be sent again or cancelled.
/// </summary>
internal static class LoseParcel
{
    public static async Task<IResult> Handle(
        string id, string shipment, OptionalJsonBody<ReasonBody> body, ChangeContext context, OrderChanger orders,
        CancellationToken cancel)
    {
        var request = body.Value ?? new ReasonBody(null);
        var check = request.Validate();
        return check.Failed
            ? check.Problem
            : await orders.ApplyForShopAsync(id, "give parcels up", context,
                (order, now) => order.Lose(shipment, request.Reason, now), cancel);
    }
}

/// <summary><c>POST /v1/orders/{id}/fail</c>: the order cannot be carried out; its pieces go back.</summary>
internal static class FailOrder
{
    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<ReasonBody> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var request = body.Value ?? new ReasonBody(null);
        var check = request.Validate();
        return check.Failed ? check.Problem : await orders.ApplyForShopAsync(id, "fail orders", context, request.Fail, cancel);
    }
}

/// <param name="Reason">Why, in words; at most 500 characters.</param>
internal sealed record ReasonBody([StringLength(500, MinimumLength = 1)] string? Reason)
{
    public Check Validate()
    {
        var check = new Check();
        if (Reason is not null) check.Text("reason", Reason, max: 500);
        return check;
    }

    public Outcome<OrderChange> Fail(OrderState order, DateTimeOffset now) => order.Fail(Reason, now);
}

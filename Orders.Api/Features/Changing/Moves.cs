using System.ComponentModel.DataAnnotations;
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

/// <summary><c>POST /v1/orders/{id}/cancel</c>: cancels an order that is placed, confirmed or paid and gives its pieces back.</summary>
internal static class CancelOrder
{
    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<ReasonBody> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var request = body.Value ?? new ReasonBody(null);
        var check = request.Validate();
        return check.Failed ? check.Problem : await orders.ApplyAsync(id, context, request.Cancel, cancel);
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

    public Outcome<OrderChange> Cancel(OrderState order, DateTimeOffset now) => order.Cancel(Reason, now);

    public Outcome<OrderChange> Fail(OrderState order, DateTimeOffset now) => order.Fail(Reason, now);
}

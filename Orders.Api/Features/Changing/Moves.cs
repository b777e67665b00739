using System.ComponentModel.DataAnnotations;
using Orders.Api.Domain;
using Orders.Api.Http;

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
        var check = ReasonBody.Validate(body.Value);
        return check.Failed
            ? check.Problem
            : await orders.ApplyAsync(id, context, (order, now) => order.Cancel(body.Value?.Reason, now), cancel);
    }
}

/// <summary><c>POST /v1/orders/{id}/fail</c>: the order cannot be carried out; its pieces go back.</summary>
internal static class FailOrder
{
    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<ReasonBody> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var check = ReasonBody.Validate(body.Value);
        return check.Failed
            ? check.Problem
            : await orders.ApplyForShopAsync(id, "fail orders", context, (order, now) => order.Fail(body.Value?.Reason, now), cancel);
    }
}

/// <param name="Reason">Why, in words; at most 500 characters.</param>
internal sealed record ReasonBody([StringLength(500, MinimumLength = 1)] string? Reason)
{
    public static Check Validate(ReasonBody? body)
    {
        var check = new Check();
        if (body?.Reason is not null) check.Text("reason", body.Reason, max: 500);
        return check;
    }
}

using System.ComponentModel.DataAnnotations;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Changing;

/// <summary>
/// <c>POST /v1/orders/{id}/ship</c>: a parcel has left. With <c>lines</c> it holds these pieces, without them all that are left; the
/// order is shipped when its last piece is.
/// </summary>
internal static class ShipOrder
{
    /// <param name="Carrier">Who carries it, at most 64 characters.</param>
    /// <param name="Tracking">The tracking number, at most 128 characters.</param>
    /// <param name="Lines">What is in it; absent: everything that has not left yet.</param>
    public sealed record Request(
        [Required, StringLength(64)] string? Carrier, [StringLength(128, MinimumLength = 1)] string? Tracking,
        [UpTo(nameof(ApiLimits.OrderLinesMax))] IReadOnlyList<LinePieces?>? Lines)
    {
        public Check Validate()
        {
            var check = new Check();
            check.Text("carrier", Carrier, max: 64);
            if (Tracking is not null) check.Text("tracking", Tracking, max: 128);
            LinePieces.Read(Lines, check);
            return check;
        }

        public Outcome<OrderChange> Decide(OrderState order, DateTimeOffset now) =>
            order.Ship(Carrier!, Tracking, LinePieces.Read(Lines, new Check()), now);
    }

    public static async Task<IResult> Handle(
        string id, JsonBody<Request> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var check = body.Value.Validate();
        return check.Failed
            ? check.Problem
            : await orders.ApplyForShopAsync(id, "ship orders", context, body.Value.Decide, cancel);
    }
}

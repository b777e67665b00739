using System.ComponentModel.DataAnnotations;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;

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
        [UpTo(nameof(ApiLimits.OrderLinesMax))] IReadOnlyList<LinePieces?>? Lines);

    public static async Task<IResult> Handle(
        string id, JsonBody<Request> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var (carrier, tracking, lines) = body.Value;
        var check = new Check();
        check.Text("carrier", carrier, max: 64);
        if (tracking is not null) check.Text("tracking", tracking, max: 128);
        var parcel = LinePieces.Read(lines, check);
        return check.Failed
            ? check.Problem
            : await orders.ApplyForShopAsync(
                id, "ship orders", context, (order, now) => order.Ship(carrier!, tracking, parcel, now), cancel);
    }
}

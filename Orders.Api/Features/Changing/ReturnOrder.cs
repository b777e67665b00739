using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Changing;

/// <summary>
/// <c>POST /v1/orders/{id}/return</c>: pieces came back and are on the shelf again. Without <c>lines</c> all of a delivered order; with
/// them also before the last parcel is there. The order is returned when its last piece is. Money goes back by a refund of its own.
/// </summary>
internal static class ReturnOrder
{
    /// <param name="Lines">What came back; absent: everything that has not come back yet.</param>
    /// <param name="Reason">Why, at most 500 characters.</param>
    public sealed record Request(
        [UpTo(nameof(ApiLimits.OrderLinesMax))] IReadOnlyList<LinePieces?>? Lines, [StringLength(500, MinimumLength = 1)] string? Reason)
    {
        public Check Validate()
        {
            var check = new ReasonBody(Reason).Validate();
            LinePieces.Read(Lines, check);
            return check;
        }

        public Outcome<OrderChange> Decide(OrderState order, DateTimeOffset now) =>
            order.Return(LinePieces.Read(Lines, new Check()), Reason, now);
    }

    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<Request> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var request = body.Value ?? new Request(null, null);
        var check = request.Validate();
        return check.Failed
            ? check.Problem
            : await orders.ApplyForShopAsync(id, "take orders back", context, request.Decide, cancel);
    }
}

/// <summary>Some pieces of a line of the order.</summary>
internal sealed record LinePieces([Required, UpTo(nameof(ApiLimits.OrderLinesMax))] int? Line, [Required, Range(1, 1000)] int? Quantity)
{
    /// <summary>The lines as the domain takes them; null when none were sent.</summary>
    public static IReadOnlyList<LineQuantity>? Read(IReadOnlyList<LinePieces?>? lines, Check check, string field = "lines")
    {
        if (lines is null) return null;
        if (lines.Count == 0 || lines.Count > ApiLimits.OrderLinesMax)
        {
            check.Fail(field, string.Create(
                CultureInfo.InvariantCulture, $"must have 1 to {ApiLimits.OrderLinesMax} entries; leave it out to mean everything"));
            return null;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            check.Range(string.Create(CultureInfo.InvariantCulture, $"{field}[{i}].line"), lines[i]?.Line, 1, ApiLimits.OrderLinesMax);
            check.Range(string.Create(CultureInfo.InvariantCulture, $"{field}[{i}].quantity"), lines[i]?.Quantity, 1, 1000);
        }

        return check.Failed ? null : [.. lines.Select(entry => new LineQuantity(entry!.Line!.Value, entry.Quantity!.Value))];
    }
}

using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Orders.Api.Docs;
using Orders.Api.Http;

namespace Orders.Api.Features.Placing;

/// <summary>What a caller sends to place an order.</summary>
/// <param name="CustomerId">Who buys.</param>
/// <param name="AddressId">Where it goes: an address of that customer.</param>
/// <param name="Channel">Where the order comes from, e.g. <c>web</c>; default <c>api</c>.</param>
/// <param name="ExternalId">The caller's own id of the order, unique; not for keys that are bound to a customer.</param>
/// <param name="DiscountCode">A discount code, in any case.</param>
/// <param name="Items">1 to 100 lines.</param>
internal sealed record OrderRequest(
    [Required, StringLength(64)] string? CustomerId, [Required, StringLength(64)] string? AddressId,
    [StringLength(32, MinimumLength = 1)] string? Channel, [StringLength(128, MinimumLength = 1)] string? ExternalId,
    [StringLength(40, MinimumLength = 1)] string? DiscountCode,
    [Required, UpTo(nameof(ApiLimits.OrderLinesMax))] IReadOnlyList<OrderLine?>? Items)
{
    public Check Validate()
    {
        var check = new Check();
        check.Text("customer_id", CustomerId, max: 64);
        check.Text("address_id", AddressId, max: 64);
        if (Channel is not null) check.Text("channel", Channel, max: 32);
        if (ExternalId is not null) check.Text("external_id", ExternalId, max: 128);
        if (DiscountCode is not null) check.Text("discount_code", DiscountCode, max: 40);
        OrderLine.Validate(Items, check);
        return check;
    }
}

/// <summary>One line: a product and 1 to 1000 pieces of it.</summary>
internal sealed record OrderLine([Required, StringLength(64)] string? ProductId, [Required, Range(1, 1000)] int? Quantity)
{
    public static void Validate(IReadOnlyList<OrderLine?>? lines, Check check)
    {
        if (lines is not { Count: > 0 })
        {
            check.Fail("items", "must have at least one line");
            return;
        }

        if (lines.Count > ApiLimits.OrderLinesMax)
            check.Fail("items", string.Create(CultureInfo.InvariantCulture, $"must have at most {ApiLimits.OrderLinesMax} lines"));
        for (var i = 0; i < Math.Min(lines.Count, ApiLimits.OrderLinesMax); i++)
        {
            check.Text(Field(i, "product_id"), lines[i]?.ProductId, max: 64);
            check.Range(Field(i, "quantity"), lines[i]?.Quantity, 1, 1000);
        }
    }

    /// <summary>The first line of that product.</summary>
    public static string FieldOf(IReadOnlyList<OrderLine?> lines, string productId) =>
        Field(Math.Max(0, lines.Select(line => line!.ProductId).ToList().IndexOf(productId)), "product_id");

    public static string Field(int index, string name) => Domain.Order.Field(index, name);
}

using System.ComponentModel.DataAnnotations;
using Npgsql;
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
    /// <param name="Amount">More than zero; absent: all that is left.</param>
    /// <param name="Reason">Why, at most 500 characters.</param>
    /// <param name="Reference">The payment provider's reference, at most 128 characters.</param>
    public sealed record Request(
        [Decimals(2), Range(0.01, (double)Money.Max)] decimal? Amount, [StringLength(500, MinimumLength = 1)] string? Reason,
        [StringLength(128, MinimumLength = 1)] string? Reference);

    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<Request> body, ChangeContext context, OrderChanger orders, CancellationToken cancel)
    {
        var (amount, reason, reference) = body.Value ?? new Request(null, null, null);
        var check = new ReasonBody(reason).Validate();
        if (reference is not null) check.Text("reference", reference, max: 128);
        if (amount is not null && check.Decimals("amount", amount, 2, Money.Max) && amount == 0) check.Fail("amount",
            "must be more than 0");
        return check.Failed
            ? check.Problem
            : await orders.ApplyForShopAsync(id, "refund orders", context,
                (order, now) => order.Refund(amount, reason, reference, now), cancel, StatusCodes.Status201Created);
    }
}

/// <summary><c>GET /v1/orders/{id}/refunds</c> and <c>/refunds/{refund}</c>: the ledger, oldest first.</summary>
internal static class ListRefunds
{
    public static async Task<IResult> Handle(string id, Caller caller, OrderReader orders, NpgsqlDataSource database,
        CancellationToken cancel)
    {
        if (!OrderIds.IsId(id) || await orders.GetAsync(id, caller, cancel) is null) return GetOrder.NotFound(id);
        return TaggedReply.Of(new Page<RefundState>(await ReadAsync(id, database, cancel), null));
    }

    public static async Task<IResult> HandleOne(
        string id, string refund, Caller caller, OrderReader orders, NpgsqlDataSource database, CancellationToken cancel)
    {
        if (!OrderIds.IsId(id) || await orders.GetAsync(id, caller, cancel) is null) return GetOrder.NotFound(id);
        return (await ReadAsync(id, database, cancel)).Find(entry => entry.Id == refund) is { } found
            ? TaggedReply.Of(found)
            : new OrderError.NotFound("refund", refund).ToProblem();
    }

    private static async Task<List<RefundState>> ReadAsync(string id, NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "select id, amount, reason, reference, at from order_refunds where order_id = $1 order by at, id");
        command.Parameters.Add(Sql.Text(id));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var refunds = new List<RefundState>();
        while (await rows.ReadAsync(cancel)) refunds.Add(Read(rows));

        return refunds;
    }

    private static RefundState Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Amount = row.GetDecimal(1),
        Reason = row.TextOrNull(2),
        Reference = row.TextOrNull(3),
        At = row.GetFieldValue<DateTimeOffset>(4),
    };
}

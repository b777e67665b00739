using Microsoft.EntityFrameworkCore;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features;

/// <summary>
/// <c>POST /v1/orders/{id}/cancel</c>: cancels an order that is placed, confirmed or paid. The decision is made on the
/// version that was read and holds only if that version is still there when it is written; the loser decides again.
/// </summary>
internal static class CancelOrder
{
    private const int AttemptsMax = 5;

    public sealed record Request(string? Reason);

    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<Request> body, OrdersDbContext db, OrderReader reader, ApiMetrics metrics, TimeProvider time,
        CancellationToken cancel)
    {
        if (!OrderIds.IsId(id)) return GetOrder.NotFound(id);
        var check = new Check();
        if (body.Value?.Reason is not null) check.Text("reason", body.Value.Reason, max: 500);
        if (check.Failed) return check.Problem;

        var outcome = await CancelAsync(id, body.Value?.Reason, db, time, cancel);
        if (outcome.Value is not { } order)
        {
            metrics.Refused(outcome.Error!.GetType().Name);
            return outcome.Error!.ToProblem();
        }

        metrics.Cancelled();
        var json = await reader.RememberAsync(order, CancellationToken.None);
        return new OrderReply(new CachedOrder(order.Version, json));
    }

    private static async Task<Outcome<Order>> CancelAsync(
        string id, string? reason, OrdersDbContext db, TimeProvider time, CancellationToken cancel)
    {
        var changeId = Guid.CreateVersion7();
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var order = await db.Orders.Include(o => o.Items).SingleOrDefaultAsync(o => o.Id == id, cancel);
            if (order is null) return new OrderError.NotFound("order", id);
            // Our own earlier attempt may have committed although its reply was lost.
            if (attempt > 1 && await db.IsDoneAsync(id, order.Version, changeId, cancel)) return order;
            if (order.Cancel(reason, time.GetUtcNow()) is { } refusal) return refusal;

            db.Record(order, changeId);
            try
            {
                await db.SaveChangesAsync(cancel);
                return order;
            }
            catch (DbUpdateException error) when (error is DbUpdateConcurrencyException || error.ViolatedConstraint() is not null)
            {
                db.ChangeTracker.Clear();
            }
        }

        return new OrderError.Contended(id);
    }
}

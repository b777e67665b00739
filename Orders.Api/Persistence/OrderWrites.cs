using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Persistence;

/// <summary>
/// The one way an order reaches the database. Invariant: order row, history row and outbox row are written by one
/// SaveChanges, that is by one transaction; there is no order without its event and no event without its order.
/// </summary>
internal static class OrderWrites
{
    /// <summary>
    /// Adds the order's present version to history and outbox; the caller has added or changed the order itself.
    /// The request's trace context goes along, so that what happens to the event later belongs to the same trace.
    /// </summary>
    public static void Record(this OrdersDbContext db, Order order, Guid changeId)
    {
        var traceParent = Activity.Current?.Id;
        db.History.Add(HistoryRow.Of(order, changeId));
        db.Outbox.Add(new OutboxRow
        {
            OrderId = order.Id,
            Version = order.Version,
            Type = OrderEventTypes.For(order.Status),
            TraceParent = traceParent,
            Payload = JsonSerializer.Serialize(order.ToEvent(traceParent), OrdersJson.Default.OrderEvent),
        });
    }

    /// <summary>
    /// True when the failed write was in truth done: its connection broke after the commit, and the execution strategy's
    /// second attempt met the first one's rows.
    /// </summary>
    public static Task<bool> IsDoneAsync(this OrdersDbContext db, string orderId, int version, Guid changeId, CancellationToken cancel) =>
        db.History.AsNoTracking().AnyAsync(
            row => row.OrderId == orderId && row.Version == version && row.ChangeId == changeId, cancel);

    /// <summary>The unique constraint that refused a write, if that is why it failed.</summary>
    public static string? ViolatedConstraint(this DbUpdateException error) =>
        error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } cause ? cause.ConstraintName : null;
}

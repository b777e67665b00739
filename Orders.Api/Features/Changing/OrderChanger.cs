using Npgsql;
using Orders.Api.Domain;
using Orders.Api.Features.Reading;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;
using Orders.Contracts;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features.Changing;

/// <summary>
/// Changes orders. The decision is made on the version that was read and holds only if that version is still there when it is
/// written; of two at once one wins, and the other decides again on what the winner left, or is refused and changes nothing.
/// </summary>
internal sealed class OrderChanger(OrderStore store, OrderReader reader, ApiMetrics metrics, TimeProvider time)
{
    private const int AttemptsMax = 5;

    /// <summary>A change that customers may make themselves.</summary>
    public Task<IResult> ApplyAsync(
        string id, ChangeContext context, Func<OrderState, DateTimeOffset, Outcome<OrderChange>> decide, CancellationToken cancel) =>
        ApplyAsync(id, context, new Ways(null, StatusCodes.Status200OK), (order, now) => ValueTask.FromResult(decide(order, now)), cancel);

    /// <summary>A change that is the shop's: keys bound to a customer may not make it.</summary>
    /// <param name="id">The order's id as it stands in the path.</param>
    /// <param name="what">The change in words, for the refusal: "cannot ...".</param>
    /// <param name="context">Who asks.</param>
    /// <param name="decide">The domain's decision.</param>
    /// <param name="cancel">Does not undo what was committed.</param>
    /// <param name="status">The status of success.</param>
    public Task<IResult> ApplyForShopAsync(
        string id, string what, ChangeContext context, Func<OrderState, DateTimeOffset, Outcome<OrderChange>> decide,
        CancellationToken cancel, int status = StatusCodes.Status200OK) =>
        ApplyAsync(id, context, new Ways(what, status), (order, now) => ValueTask.FromResult(decide(order, now)), cancel);

    /// <summary>As the others, for decisions that have to read something first.</summary>
    public Task<IResult> ApplyAsync(
        string id, ChangeContext context, Func<OrderState, DateTimeOffset, ValueTask<Outcome<OrderChange>>> decide,
        CancellationToken cancel) => ApplyAsync(id, context, new Ways(null, StatusCodes.Status200OK), decide, cancel);

    /// <summary>A change of the shop's that comes another way than over HTTP, with its outcome as a value.</summary>
    public Task<ChangeOutcome> ChangeAsync(
        string id, ChangeContext context, Func<OrderState, DateTimeOffset, Outcome<OrderChange>> decide, CancellationToken cancel) =>
        ChangeAsync(id, context, new Ways(null, StatusCodes.Status200OK), (order, now) => ValueTask.FromResult(decide(order, now)), cancel);

    private async Task<IResult> ApplyAsync(
        string id, ChangeContext context, Ways ways, Func<OrderState, DateTimeOffset, ValueTask<Outcome<OrderChange>>> decide,
        CancellationToken cancel) => await ChangeAsync(id, context, ways, decide, cancel) switch
        {
            { Changed: { } order, Location: { } location } => RefundReply.Of(order, location, id, ways.Status),
            { Changed: { } order } => new OrderReply(order, ways.Status, null, id),
            { Earlier: { } earlier } => earlier.To(context.Request),
            var refused => refused.Error!.ToProblem(),
        };

    private async Task<ChangeOutcome> ChangeAsync(
        string id, ChangeContext context, Ways ways, Func<OrderState, DateTimeOffset, ValueTask<Outcome<OrderChange>>> decide,
        CancellationToken cancel)
    {
        if (!OrderIds.IsId(id)) return NotFound(id);
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var (found, earlier) = await store.FindAsync(id, context.Request, cancel);
            if (found is not { } stored || !MaySee(context, stored)) return NotFound(id);
            if (ways.ShopOnly is { } what && context.Caller.CustomerId is not null) return Refused(new OrderError.NotForCustomers(what));
            if (earlier is not null) return new ChangeOutcome(null, null, earlier, null);
            if (!context.Accepts(stored.Version)) return Refused(new OrderError.VersionMismatch(id, stored.Version));

            var decided = await decide(stored.WithShelf(), time.GetUtcNow());
            if (decided.Value is not { } change) return Refused(decided.Error!);
            var written = await WriteAsync(change, context.Request, ways.Status, cancel);
            if (written.Result == WriteResult.OutOfStock) return Refused(new OrderError.OutOfStock(written.Detail!, "items"));
            if (written.Refusal is { } tooLarge) return Refused(tooLarge);
            if (written.Result != WriteResult.Done) continue;

            metrics.Changed(change.Type);
            await reader.RememberAsync(id, change.Order.Version, written.Json!, CancellationToken.None);
            return new ChangeOutcome(new CachedOrder(change.Order.Version, written.Json!), Location(change), null, null);
        }

        return Refused(new OrderError.Contended(id));
    }

    private async Task<Written> WriteAsync(OrderChange change, IdempotentRequest request, int status, CancellationToken cancel)
    {
        var changeId = Guid.CreateVersion7();
        try
        {
            return await store.WriteAsync(change, changeId, request, (status, Location(change)), null, cancel);
        }
        catch (NpgsqlException error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            return await store.AfterBreakAsync(change.Order, changeId, request, cancel);
        }
    }

    private static bool MaySee(ChangeContext context, StoredOrder stored) =>
        context.Caller.CustomerId is not { } customer || OrderBytes.IsOf(stored.Json, customer);

    private static string? Location(OrderChange change) =>
        change.Refund is { } refund ? $"/v1/orders/{change.Order.Id}/refunds/{refund.Id}" : null;

    private static ChangeOutcome NotFound(string id) => new(null, null, null, new OrderError.NotFound("order", id));

    private ChangeOutcome Refused(OrderError error)
    {
        metrics.Refused(error.GetType().Name);
        return new ChangeOutcome(null, null, null, error);
    }

    private sealed record Ways(string? ShopOnly, int Status);
}

/// <summary>
/// The order as it is now, with the address of what was added to it; or what an earlier request with the same key got; or the refusal.
/// </summary>
internal sealed record ChangeOutcome(CachedOrder? Changed, string? Location, EarlierReply? Earlier, OrderError? Error);

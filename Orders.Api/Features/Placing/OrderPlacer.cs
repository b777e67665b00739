using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Features.Reading;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Placing;

/// <summary>
/// Places orders, whichever way they come in: one round trip reads all that the decision needs, one writes it. A done placing is
/// committed: order, event, stock and idempotency key together.
/// </summary>
internal sealed class OrderPlacer(
    DraftReader drafts, OrderStore store, OrderReader reader, IOptions<PricingOptions> pricing, ApiMetrics metrics, TimeProvider time)
{
    private const string DefaultChannel = "api";

    /// <summary>Numbers of 40 random bits collide about once in 10^12 pairs, and the rest of the attempts are for lost races.</summary>
    private const int AttemptsMax = 5;

    private readonly PriceList _prices = pricing.Value.ToPriceList();

    public async Task<PlacingOutcome> PlaceAsync(OrderRequest request, Caller caller, IdempotentRequest key, CancellationToken cancel)
    {
        var check = request.Validate();
        if (caller.CustomerId is not null && request.ExternalId is not null)
            check.Fail("external_id", "cannot be given with a key that is bound to a customer");
        if (check.Failed) return Refused(check.Error);

        return await PlaceAsync(
            token => DecideAsync(request, caller, key, token), key, written => Final(written, request.Items!, request.ExternalId), cancel);
    }

    /// <summary>The order as it would be placed now, and nothing is placed, taken or counted.</summary>
    public async Task<Outcome<OrderChange>> QuoteAsync(OrderRequest request, Caller caller, CancellationToken cancel)
    {
        var check = request.Validate();
        if (check.Failed) return check.Error;
        return (await DecideAsync(request, caller, IdempotentRequest.None, cancel)).Decided;
    }

    /// <summary>As the other, for an order of an amount; nothing has a shelf that it could be missing from.</summary>
    public async Task<PlacingOutcome> PlaceAsync(AmountRequest request, Caller caller, IdempotentRequest key, CancellationToken cancel)
    {
        var check = request.Validate(_prices.Currency);
        if (check.Failed) return Refused(check.Error);
        return await PlaceAsync(
            token => DecideAsync(request, caller, key, token), key, written => Final(written, [], request.ExternalId), cancel);
    }

    private async Task<PlacingOutcome> PlaceAsync(
        Func<CancellationToken, Task<Decision>> decide, IdempotentRequest key, Func<Written, OrderError?> final, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (earlier, decided, limited) = await decide(cancel);
            if (earlier is not null) return new PlacingOutcome(null, earlier, null);
            if (decided.Value is not { } change) return Refused(decided.Error!);

            var written = await WriteAsync(change, key, limited, cancel);
            if (written.Result == WriteResult.Done)
            {
                metrics.Changed(change.Type);
                // From here on the order is placed, whatever becomes of the caller's connection.
                await reader.RememberAsync(change.Order.Id, 1, written.Json!, CancellationToken.None);
                return new PlacingOutcome(new PlacedOrder(change.Order.Id, written.Json!), null, null);
            }

            // A used key or a taken number is looked at once more; a used-up code was decided on too early.
            if (final(written) is { } refusal) return Refused(refusal);
            if (attempt == AttemptsMax) return Refused(new OrderError.Contended(change.Order.Id));
        }
    }

    private async Task<Decision> DecideAsync(
        OrderRequest request, Caller caller, IdempotentRequest key, CancellationToken cancel)
    {
        var ids = request.Items!.Select(line => line!.ProductId!).Distinct(StringComparer.Ordinal).ToArray();
        var parts = await drafts.ReadAsync(
            request.CustomerId, request.AddressId, ids, request.DiscountCode?.ToUpperInvariant(), key, cancel);
        if (parts.Earlier is { } earlier) return new Decision(earlier, default, null);
        var draft = Draft(request, caller, parts);
        return draft.Value is { } known
            ? new Decision(
                null, Order.Place(known, _prices, time.GetUtcNow()), known.Discount?.UsesMax is null ? null : known.Discount.Code)
            : new Decision(null, draft.Error!, null);
    }

    private async Task<Decision> DecideAsync(AmountRequest request, Caller caller, IdempotentRequest key, CancellationToken cancel)
    {
        var parts = await drafts.ReadAsync(request.CustomerId!, key, cancel);
        if (parts.Earlier is { } earlier) return new Decision(earlier, default, null);
        if (parts.Customer is not { } customer || !caller.MaySee(customer.ClientId))
            return new Decision(null, new OrderError.Unusable("customer_id", "there is no such customer"), null);
        if (parts.Address is not { } address)
            return new Decision(null, new OrderError.Unusable("customer_id", "the customer has no address"), null);
        var draft = new OrderDraft(
            customer, address, request.Channel, [(request.ToProduct(_prices.Currency, time.GetUtcNow()), 1)], null, request.ExternalId,
            TakesStock: false);
        return new Decision(null, Order.Place(draft, _prices, time.GetUtcNow()), null);
    }

    private static Outcome<OrderDraft> Draft(OrderRequest request, Caller caller, DraftParts parts)
    {
        // A bound key learns nothing about others: their customers and addresses are not there.
        if (parts.Customer is not { } customer || !caller.MaySee(customer.ClientId))
            return new OrderError.Unusable("customer_id", "there is no such customer");
        if (parts.Address is not { } address || !caller.MaySee(address.ClientId))
            return new OrderError.Unusable("address_id", "there is no such address");
        if (request.DiscountCode is not null && parts.Discount is null)
            return new OrderError.Unusable("discount_code", "there is no such code");

        var lines = new List<(Product, int)>(request.Items!.Count);
        foreach (var line in request.Items)
        {
            if (!parts.Products.TryGetValue(line!.ProductId!, out var product))
                return new OrderError.Unusable(OrderLine.Field(lines.Count, "product_id"), "there is no such product");
            lines.Add((product, line.Quantity!.Value));
        }

        return new OrderDraft(customer, address, request.Channel ?? DefaultChannel, lines, parts.Discount, request.ExternalId);
    }

    private async Task<Written> WriteAsync(OrderChange change, IdempotentRequest key, string? limited, CancellationToken cancel)
    {
        var changeId = Guid.CreateVersion7();
        try
        {
            return await store.WriteAsync(
                change, changeId, key, (StatusCodes.Status201Created, PlacedOrder.LocationOf(change.Order.Id)), limited, cancel);
        }
        catch (NpgsqlException error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            return await store.AfterBreakAsync(change.Order, changeId, key, cancel);
        }
    }

    private static OrderError? Final(Written written, IReadOnlyList<OrderLine?> lines, string? externalId) => written.Result switch
    {
        WriteResult.OutOfStock => new OrderError.OutOfStock(written.Detail!, OrderLine.FieldOf(lines, written.Detail!)),
        WriteResult.TooLarge => written.Refusal,
        WriteResult.ExternalIdTaken => new OrderError.ExternalIdTaken(externalId!),
        WriteResult.DiscountUsedUp => new OrderError.Unusable("discount_code", "is used up"),
        _ => null,
    };

    private PlacingOutcome Refused(OrderError error)
    {
        metrics.Refused(error.GetType().Name);
        return new PlacingOutcome(null, null, error);
    }

    /// <param name="Earlier">What the key led to before; nothing is decided then.</param>
    /// <param name="Decided">The new order, or why there is none.</param>
    /// <param name="Limited">The discount code to count a use of.</param>
    private sealed record Decision(EarlierReply? Earlier, Outcome<OrderChange> Decided, string? Limited);
}

/// <summary>Exactly one is not null: the order, the reply that an earlier request with the same key got, or the refusal.</summary>
internal sealed record PlacingOutcome(PlacedOrder? Placed, EarlierReply? Earlier, OrderError? Error);

internal sealed record PlacedOrder(string Id, byte[] Json)
{
    public static string LocationOf(string id) => "/v1/orders/" + id;
}

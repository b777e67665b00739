using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Features.Changing;
using Orders.Api.Features.Placing;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Inbound.Legacy;

/// <summary>
/// Follows the orders of a legacy table. Invariants: one row is one order, told by its external id
/// (<c>{connector}.{schema}.{table}:{primary key}</c>), which the database keeps unique for ever; and a change is applied only if it
/// is later in the legacy log than the last one that was, so one that comes again, or after a later one, changes nothing.
/// A change says how the row is, not what was done, so the order is brought to the row's status move by move, by the same decisions
/// as over HTTP; a crash between two moves leaves an order from which the rest of the way is gone when the change comes again.
/// </summary>
internal sealed class LegacyOrders(
    LegacyStore store, OrderPlacer placer, OrderChanger changer, IOptions<LegacyOptions> options, IOptions<InboundOptions> inbound,
    TimeProvider time)
{
    /// <summary>The longest way through the lifecycle has 6 moves; the rest is for races that were lost.</summary>
    private const int StepsMax = 20;

    private const string Deleted = "deleted in the legacy system";

    public async Task<InboundRefusal?> ApplyAsync(LegacyChange change, CancellationToken cancel)
    {
        if (change.Table != options.Value.Table)
            return new InboundRefusal(InboundRefusal.UnknownTable, $"'{change.Table}' is not the table '{options.Value.Table}'");
        var check = new Check();
        if (LegacyRow.Read(change, change.Row, options.Value, check) is not { } row) return InboundRefusal.Malformed(check);
        if (row.StatusIn(options.Value) is not { } status && change.Operation != LegacyChange.Delete)
        {
            return new InboundRefusal(
                InboundRefusal.UnknownStatus, $"status '{row.Status}' is not known: name it in {LegacyOptions.Section}:Statuses");
        }

        var externalId = $"{change.Source}:{row.Id}";
        for (var step = 0; step < StepsMax; step++)
        {
            var (position, changedAt, stored) = await store.FindAsync(change.Source, row.Id, externalId, cancel);
            if (string.CompareOrdinal(position, change.Position) >= 0)
            {
                return change.WentBack(position!, changedAt)
                    ? new InboundRefusal(InboundRefusal.PositionWentBack,
                        $"it stands at '{change.Position}', before what was followed, '{position}', and was made later: "
                            + "was the database restored?")
                    : null;
            }

            var (done, refusal) = stored is { } order
                ? await MoveAsync(change, row, OrderBytes.Read(order.Json), cancel)
                : await PlaceAsync(change, row, externalId, cancel);
            if (refusal is not null) return refusal;
            if (!done) continue;
            await store.DoneAsync(change, row.Id, time.GetUtcNow(), cancel);
            return null;
        }

        throw new ContendedException(externalId);
    }

    private async Task<(bool Done, InboundRefusal? Refusal)> PlaceAsync(
        LegacyChange change, LegacyRow row, string externalId, CancellationToken cancel)
    {
        // Nothing of it was ever here.
        if (change.Operation == LegacyChange.Delete) return (true, null);

        var request = new AmountRequest(row.CustomerId, row.Amount, options.Value.Channel, externalId, inbound.Value.AmountLine);
        var (caller, key) = KeyOf(change, externalId, externalId);
        var outcome = await placer.PlaceAsync(request, caller, key, cancel);
        // Taken means that it was placed meanwhile: look again.
        return outcome.Error is null or OrderError.ExternalIdTaken or OrderError.Contended
            ? (false, null)
            : (false, InboundRefusal.Of(outcome.Error));
    }

    private async Task<(bool Done, InboundRefusal? Refusal)> MoveAsync(
        LegacyChange change, LegacyRow row, OrderState order, CancellationToken cancel)
    {
        if (change.Operation == LegacyChange.Delete && !MayCancel(order)) return (true, null);
        if (change.Operation != LegacyChange.Delete && Difference(change, row, order) is { } difference)
            return (false, new InboundRefusal(InboundRefusal.UnsupportedChange, difference));

        var target = change.Operation == LegacyChange.Delete ? OrderStatus.Cancelled : row.StatusIn(options.Value)!.Value;
        if (target == order.Status) return (true, null);
        if (LegacyRoute.Next(order.Status, target) is not { } next)
            return (false, InboundRefusal.Of(new OrderError.IllegalMove(order.Id, order.Status, target)));

        var reason = change.Operation == LegacyChange.Delete ? Deleted : null;
        var (caller, key) = KeyOf(change, $"{row.Id}@{change.Position}#{next.ToWire()}", $"{row.Id} {change.Position}");
        var outcome = await changer.ChangeAsync(
            order.Id, new ChangeContext(caller, key, [order.Version]), new((state, now) => LegacyRoute.Decide(state, next, reason, now)),
            cancel);
        // Another version than the way was found for: look again.
        return outcome.Error is null or OrderError.VersionMismatch or OrderError.Contended
            ? (false, null)
            : (false, InboundRefusal.Of(outcome.Error));
    }

    private static bool MayCancel(OrderState order) =>
        !order.HasShipped() && OrderLifecycle.CanMove(order.Status, OrderStatus.Cancelled);

    /// <summary>Customer and amount of an order are settled; a row in which they change cannot be followed.</summary>
    private string? Difference(LegacyChange change, LegacyRow row, OrderState order)
    {
        var before = change.Before.ValueKind == JsonValueKind.Object
            ? LegacyRow.Read(change, change.Before, options.Value, new Check())
            : null;
        var (customer, amount) = before is { CustomerId: not null, Amount: not null }
            ? (before.CustomerId, before.Amount.Value)
            : (order.Customer.Id, order.Total);
        if (row.CustomerId != customer) return $"the row's customer is '{row.CustomerId}' and was '{customer}': that cannot change";
        return row.Amount == amount
            ? null
            : FormattableString.Invariant($"the row's amount is {row.Amount} and was {amount}: that cannot change");
    }

    private static (Caller Caller, IdempotentRequest Key) KeyOf(LegacyChange change, string key, string payload)
    {
        var owner = "inbound:debezium:" + change.Source;
        return (new Caller(owner, null), new IdempotentRequest(owner, key, Encoding.UTF8.GetBytes(payload)));
    }
}

internal static class LegacyExtensions
{
    public static void AddLegacy(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LegacyOptions>()
            .BindConfiguration(LegacyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LegacyStore>();
        builder.Services.AddSingleton<LegacyOrders>();
    }
}

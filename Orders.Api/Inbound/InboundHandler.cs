using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Features.Placing;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Inbound.Legacy;
using Orders.Contracts;

namespace Orders.Api.Inbound;

/// <summary>
/// Does what one record asks. However often it comes, it is done once: its idempotency key is written by the transaction that does the
/// work, and a command that comes again finds the outcome of the first time.
/// </summary>
internal sealed class InboundHandler(
    OrderPlacer placer, InboundMoves moves, LegacyOrders legacy, OrderRequests requests, IOptions<InboundOptions> options,
    TimeProvider time)
{
    /// <returns>Null when it is done; otherwise why it never can be.</returns>
    public async Task<InboundRefusal?> HandleAsync(InboundRecord record, CancellationToken cancel)
    {
        // A tombstone tells a compacted topic to forget a key. There is nothing to do.
        if (record.Value is null) return null;
        return InboundReader.Read(record) switch
        {
            { Change: { } change } => await legacy.ApplyAsync(change, cancel),
            { Command: { } command } => await DoAsync(command, cancel),
            var unreadable => unreadable.Refusal,
        };
    }

    /// <summary>
    /// Refuses the order that was accepted over HTTP and that cannot be placed, so that it is not sent again; an order that was placed all
    /// the same stays placed.
    /// </summary>
    /// <returns>The refusal, when the record is about no accepted order: then it is a dead letter.</returns>
    public async Task<InboundRefusal?> RefuseAcceptedAsync(InboundRecord record, InboundRefusal refusal, CancellationToken cancel)
    {
        if (record.Value is null) return refusal;
        if (InboundReader.Read(record) is not { Command: { Source: InboundCommand.ApiSource } command }) return refusal;
        if (await requests.FindAsync(command.Id, cancel) is not { } accepted) return refusal;
        var problem = refusal.Reason == InboundRefusal.InternalError
            ? Problems.Of(ProblemTypes.InternalError, $"the order could not be placed ({refusal.Detail}); nothing was changed")
            : Problems.Of(ProblemTypes.InvalidRequest, refusal.Detail);
        await requests.RefusedAsync(accepted, Problem(problem), time.GetUtcNow(), cancel);
        return null;
    }

    private async Task<InboundRefusal?> DoAsync(InboundCommand command, CancellationToken cancel)
    {
        try
        {
            return command.Type switch
            {
                InboundCommand.Place when command.Source == InboundCommand.ApiSource => await PlaceAcceptedAsync(command, cancel),
                InboundCommand.Place => await PlaceAsync(command, cancel),
                InboundCommand.PlaceAmount => await PlaceAmountAsync(command, cancel),
                _ when InboundMoves.Knows(command.Type) => await moves.DoAsync(command, cancel),
                _ => new InboundRefusal(InboundRefusal.UnknownType, $"nothing is known of type '{command.Type}'"),
            };
        }
        catch (JsonException error)
        {
            return InboundRefusal.Malformed(error);
        }
    }

    private async Task<InboundRefusal?> PlaceAcceptedAsync(InboundCommand command, CancellationToken cancel)
    {
        var order = Read<OrderRequest>(command);
        if (await requests.FindAsync(command.Id, cancel) is not { } accepted)
            return new InboundRefusal(InboundRefusal.UnknownRequest, $"no request '{command.Id}' was accepted");
        if (accepted.Status != AcceptedRequest.Accepted) return null;

        var key = accepted.ToIdempotent();
        var outcome = await placer.PlaceAsync(order, accepted.Caller, key, cancel);
        var (orderId, error) = OutcomeOf(outcome, key);
        if (error is OrderError.Contended contended) throw new ContendedException(contended.OrderId);
        await requests.DoneAsync(command.Id, orderId, error is null ? null : Problem(error), time.GetUtcNow(), cancel);
        return null;
    }

    private async Task<InboundRefusal?> PlaceAsync(InboundCommand command, CancellationToken cancel)
    {
        var order = Read<OrderRequest>(command);
        var (caller, key) = KeyOf(command);
        var (_, error) = OutcomeOf(await placer.PlaceAsync(order, caller, key, cancel), key);
        return error is null ? null : InboundRefusal.Of(error);
    }

    private async Task<InboundRefusal?> PlaceAmountAsync(InboundCommand command, CancellationToken cancel)
    {
        var (_, customer, amount, channel, externalId) = Read<AmountData>(command);
        var check = new Check();
        if (channel is not null) check.Text("channel", channel, max: 32);
        if (check.Failed) return InboundRefusal.Malformed(check);

        var request = new AmountRequest(customer, amount, channel ?? options.Value.AmountChannel, externalId, options.Value.AmountLine);
        var (caller, key) = KeyOf(command);
        var (_, error) = OutcomeOf(await placer.PlaceAsync(request, caller, key, cancel), key);
        return error is null ? null : InboundRefusal.Of(error);
    }

    private static (Caller Caller, IdempotentRequest Key) KeyOf(InboundCommand command)
    {
        var owner = "inbound:" + command.Source;
        return (new Caller(owner, null), new IdempotentRequest(owner, command.Id, JsonSerializer.SerializeToUtf8Bytes(command.Data)));
    }

    private static T Read<T>(InboundCommand command) =>
        command.Data.Deserialize<T>(RequestJson.Options) ?? throw new JsonException("data is null");

    private static (string? OrderId, OrderError? Error) OutcomeOf(PlacingOutcome outcome, IdempotentRequest key) => outcome switch
    {
        { Placed: { } placed } => (placed.Id, null),
        { Earlier: { Location: { } location } earlier } when earlier.IsOf(key) => (location[(location.LastIndexOf('/') + 1)..], null),
        { Earlier: not null } => (null, new OrderError.KeyReused()),
        _ => (null, outcome.Error),
    };

    private static byte[] Problem(OrderError error) => Problem(error.ToProblem());

    private static byte[] Problem(IResult problem) =>
        JsonSerializer.SerializeToUtf8Bytes(((ProblemHttpResult)problem).ProblemDetails, RequestJson.Replies);

    /// <param name="Id">Of a bare record, its own id.</param>
    /// <param name="CustomerId">Who buys.</param>
    /// <param name="Amount">The order's total.</param>
    /// <param name="Channel">Where the order comes from; the configured one if absent.</param>
    /// <param name="ExternalId">The other system's own id of the order.</param>
    private sealed record AmountData(string? Id, string? CustomerId, decimal? Amount, string? Channel, string? ExternalId);
}

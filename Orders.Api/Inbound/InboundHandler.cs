using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Features.Placing;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Contracts;

namespace Orders.Api.Inbound;

/// <summary>A command that can never be done, and why.</summary>
internal sealed record InboundRefusal(string Reason, string Detail);

/// <summary>
/// Does one command. However often it comes, it is done once: its idempotency key is written by the transaction that does the
/// work, and a command that comes again finds the outcome of the first time.
/// </summary>
internal sealed class InboundHandler(OrderPlacer placer, OrderRequests requests, TimeProvider time)
{
    /// <returns>Null when it is done; otherwise why it never can be.</returns>
    public async Task<InboundRefusal?> HandleAsync(byte[]? value, CancellationToken cancel)
    {
        if (Read(value, out var command) is { } malformed) return malformed;
        if (command!.Type != InboundCommand.Place) return new InboundRefusal("unknown_type", $"nothing is known of type '{command.Type}'");

        OrderRequest order;
        try
        {
            order = command.Data.Deserialize<OrderRequest>(RequestJson.Options) ?? throw new JsonException("data is null");
        }
        catch (JsonException error)
        {
            return new InboundRefusal("malformed_data", $"{RequestJson.FieldName(error.Path)}: {RequestJson.Reason(error)}");
        }

        return command.Source == InboundCommand.ApiSource
            ? await PlaceAcceptedAsync(command, order, cancel)
            : await PlaceAsync(command, order, cancel);
    }

    private async Task<InboundRefusal?> PlaceAcceptedAsync(InboundCommand command, OrderRequest order, CancellationToken cancel)
    {
        if (await requests.FindAsync(command.Id, cancel) is not { } accepted)
            return new InboundRefusal("unknown_request", $"no request '{command.Id}' was accepted");
        if (accepted.Status != AcceptedRequest.Accepted) return null;

        var key = accepted.ToIdempotent();
        var outcome = await placer.PlaceAsync(order, accepted.Caller, key, cancel);
        var (orderId, error) = OutcomeOf(outcome, key);
        await requests.DoneAsync(command.Id, orderId, error is null ? null : Problem(error), time.GetUtcNow(), cancel);
        return null;
    }

    private async Task<InboundRefusal?> PlaceAsync(InboundCommand command, OrderRequest order, CancellationToken cancel)
    {
        var owner = "inbound:" + command.Source;
        var key = new IdempotentRequest(owner, command.Id, JsonSerializer.SerializeToUtf8Bytes(command.Data));
        var (_, error) = OutcomeOf(await placer.PlaceAsync(order, new Caller(owner, null), key, cancel), key);
        return error is null ? null : new InboundRefusal("refused", JsonSerializer.Serialize(JsonDocument.Parse(Problem(error))));
    }

    private static (string? OrderId, OrderError? Error) OutcomeOf(PlacingOutcome outcome, IdempotentRequest key) => outcome switch
    {
        { Placed: { } placed } => (placed.Id, null),
        { Earlier: { Location: { } location } earlier } when earlier.IsOf(key) => (location[(location.LastIndexOf('/') + 1)..], null),
        { Earlier: not null } => (null, new OrderError.KeyReused()),
        _ => (null, outcome.Error),
    };

    private static byte[] Problem(OrderError error) => JsonSerializer.SerializeToUtf8Bytes(
        ((ProblemHttpResult)error.ToProblem()).ProblemDetails, RequestJson.Replies);

    private static InboundRefusal? Read(byte[]? value, out InboundCommand? command)
    {
        command = null;
        if (value is null or []) return new InboundRefusal("empty", "the record has no value");
        try
        {
            command = JsonSerializer.Deserialize(value, OrdersJson.Default.InboundCommand);
        }
        catch (JsonException error)
        {
            return new InboundRefusal("malformed_json", $"{error.Path}: {RequestJson.Reason(error)}");
        }

        if (command is null) return new InboundRefusal("malformed_json", "null is no command");
        if (command.SpecVersion != "1.0") return new InboundRefusal("unknown_version", "specversion must be 1.0");
        var check = new Check();
        check.Text("id", command.Id, max: IdempotentRequest.KeyLengthMax);
        check.Text("source", command.Source, max: 200);
        return check.Failed ? new InboundRefusal("malformed_data", string.Join("; ", check.Error.Fields.Select(f =>
            $"{f.Field}: {f.Reason}"))) : null;
    }
}

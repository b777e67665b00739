using System.Text;
using System.Text.Json;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Features.Changing;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Inbound;

/// <summary>
/// Commands that change an order, by the same decisions and the same writer as over HTTP. <c>data</c> names the order by
/// <c>order_id</c> or <c>external_id</c>; what else is in it is the body that the same change has over HTTP.
/// </summary>
internal sealed class InboundMoves(OrderChanger orders, OrderStore store)
{
    private delegate Outcome<OrderChange> Move(OrderState order, DateTimeOffset now);

    private static readonly Dictionary<string, Func<byte[], (Check Check, Move Move)>> Moves = new(StringComparer.Ordinal)
    {
        [InboundCommand.Confirm] = body => Read<NoFields>(body, _ => new Check(), _ => OrderLifecycle.Confirm),
        [InboundCommand.Deliver] = body => Read<NoFields>(body, _ => new Check(), _ => OrderLifecycle.Deliver),
        [InboundCommand.Pay] = body => Read<PayOrder.Request>(body, pay => pay.Validate(), pay => pay.Decide),
        [InboundCommand.Ship] = body => Read<ShipOrder.Request>(body, ship => ship.Validate(), ship => ship.Decide),
        [InboundCommand.Return] = body => Read<ReturnOrder.Request>(body, back => back.Validate(), back => back.Decide),
        [InboundCommand.Cancel] = body => Read<CancelOrder.Request>(body, cancel => cancel.Validate(), cancel => cancel.Decide),
        [InboundCommand.Fail] = body => Read<ReasonBody>(body, why => why.Validate(), why => why.Fail),
    };

    public static bool Knows(string type) => Moves.ContainsKey(type);

    /// <returns>Null when the change is made, now or earlier.</returns>
    /// <exception cref="JsonException"><c>data</c> is not what the type takes.</exception>
    public async Task<InboundRefusal?> DoAsync(InboundCommand command, CancellationToken cancel)
    {
        var (target, body) = Split(command.Data);
        if (target.Failed is { } malformed) return malformed;
        var (check, move) = Moves[command.Type](body);
        if (check.Failed) return InboundRefusal.Malformed(check);

        var id = target.OrderId ?? await store.FindIdAsync(target.ExternalId!, cancel);
        if (id is null) return InboundRefusal.Of(new OrderError.NotFound("order", target.ExternalId!));
        var owner = "inbound:" + command.Source;
        var payload = Encoding.UTF8.GetBytes($"{command.Type}\n{JsonSerializer.Serialize(command.Data)}");
        var key = new IdempotentRequest(owner, command.Id, payload);
        return await orders.ChangeAsync(id, new ChangeContext(new Caller(owner, null), key, null), new(move), cancel) switch
        {
            { Changed: not null } => null,
            { Earlier: { } earlier } => earlier.IsOf(key) ? null : InboundRefusal.Of(new OrderError.KeyReused()),
            var refused => InboundRefusal.Of(refused.Error!),
        };
    }

    /// <summary>The order that is meant, and the rest of <c>data</c>.</summary>
    private static (Target Target, byte[] Body) Split(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Object) throw new JsonException("data is no object");
        using var rest = new MemoryStream();
        var ids = new Dictionary<string, string?>(StringComparer.Ordinal);
        var check = new Check();
        using (var writer = new Utf8JsonWriter(rest))
        {
            writer.WriteStartObject();
            foreach (var member in data.EnumerateObject())
            {
                if (member.Name is not ("order_id" or "external_id")) member.WriteTo(writer);
                else if (!ids.TryAdd(member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : null))
                    check.Fail(member.Name, "stands more than once");
            }

            writer.WriteEndObject();
        }

        if (ids.Count != 1) check.Fail("order_id", "either order_id or external_id is required");
        foreach (var (name, id) in ids) check.Text(name, id, max: 128);
        return (new Target(
            ids.GetValueOrDefault("order_id"), ids.GetValueOrDefault("external_id"), check.Failed ? InboundRefusal.Malformed(check) : null),
            rest.ToArray());
    }

    private static (Check Check, Move Move) Read<T>(byte[] body, Func<T, Check> validate, Func<T, Move> move)
    {
        var read = JsonSerializer.Deserialize<T>(body, RequestJson.Options)!;
        return (validate(read), move(read));
    }

    private sealed record NoFields;

    private sealed record Target(string? OrderId, string? ExternalId, InboundRefusal? Failed);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Contracts;
using Orders.Simulator.Lives;

namespace Orders.Simulator.Verification;

internal sealed record PlaceBody(string CustomerId, string AddressId, string Channel, string ExternalId, IReadOnlyList<PlaceLine> Items);

internal sealed record PlaceLine(string ProductId, int Quantity);

internal sealed record PayBody(string? Method, string? Reference, decimal Amount);

internal sealed record ShipBody(string? Carrier, string? Tracking, IReadOnlyList<LifePieces>? Lines);

internal sealed record ReturnBody(IReadOnlyList<LifePieces>? Lines, string? Reason);

internal sealed record WhyBody(string? Reason);

internal sealed record RefundBody(decimal? Amount, string? Reason, string? Reference);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlaceBody))]
[JsonSerializable(typeof(PayBody))]
[JsonSerializable(typeof(ShipBody))]
[JsonSerializable(typeof(ReturnBody))]
[JsonSerializable(typeof(WhyBody))]
[JsonSerializable(typeof(RefundBody))]
internal sealed partial class VerifyBodyContext : JsonSerializerContext;

/// <summary>Placing an order and what happens to it, as requests whose key and bytes are functions of run and number.</summary>
internal static class VerifyRequests
{
    private static readonly VerifyBodyContext Bodies = new(OrdersJson.Options());

    /// <param name="plan">The run.</param>
    /// <param name="order">One of its orders.</param>
    /// <param name="step">0: place it; n: the n-th thing of its life.</param>
    /// <param name="id">The API's id of the order, once it has one.</param>
    public static LedgerIntent Of(VerifyPlan plan, VerifyOrder order, int step, string? id)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{plan.ExternalId(order.Number)}/{step}");
        if (step == 0) return new LedgerIntent(order.Number, step, key, "/v1/orders", Place(plan, order));
        var (move, body) = Move(order.Life[step - 1], order);
        return new LedgerIntent(order.Number, step, key, $"/v1/orders/{id}/{move}", body);
    }

    private static string Place(VerifyPlan plan, VerifyOrder order) => JsonSerializer.Serialize(new PlaceBody(
        order.Customer.ClientId, order.Address.AddressId, plan.Channel, plan.ExternalId(order.Number),
        [.. order.Lines.Select(line => new PlaceLine(line.Product.Id, line.Quantity))]), Bodies.PlaceBody);

    private static (string Move, string? Body) Move(LifeEvent step, VerifyOrder order) => step.Step switch
    {
        LifeStep.Confirmed => ("confirm", null),
        LifeStep.Paid => ("pay", JsonSerializer.Serialize(
            new PayBody(step.Method, step.Reference, order.Amounts.Total), Bodies.PayBody)),
        LifeStep.PartlyShipped or LifeStep.Shipped => ("ship", JsonSerializer.Serialize(
            new ShipBody(step.Carrier, step.Tracking, step.Pieces), Bodies.ShipBody)),
        LifeStep.Delivered => ("deliver", null),
        LifeStep.PartlyReturned or LifeStep.Returned => ("return", JsonSerializer.Serialize(
            new ReturnBody(step.Pieces, step.Reason), Bodies.ReturnBody)),
        LifeStep.Cancelled => ("cancel", JsonSerializer.Serialize(new WhyBody(step.Reason), Bodies.WhyBody)),
        LifeStep.Failed => ("fail", JsonSerializer.Serialize(new WhyBody(step.Reason), Bodies.WhyBody)),
        LifeStep.Refunded => ("refunds", JsonSerializer.Serialize(
            new RefundBody(step.Amount, step.Reason, step.Reference), Bodies.RefundBody)),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Step, null),
    };
}

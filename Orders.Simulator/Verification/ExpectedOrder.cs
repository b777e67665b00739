using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Orders.Contracts;
using Orders.Simulator.Histories;
using Orders.Simulator.Lives;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Verification;

/// <summary>
/// What an order must be at a version. What the API alone decides (ids of parcels and refunds, how the tax is shared, instants of steps
/// before the last) is taken
/// over from what was found; whether it is there at all is not.
/// </summary>
internal sealed class ExpectedOrder(VerifyPlan plan, string currency)
{
    private const string NoId = "(an id)";

    /// <param name="order">From its number.</param>
    /// <param name="version">1 to one more than it has steps.</param>
    /// <param name="known">What the API has acknowledged.</param>
    /// <param name="found">What somebody says that it is; null: nothing to take over from.</param>
    public OrderState At(VerifyOrder order, int version, BookEntry known, OrderState? found)
    {
        LifeEvent[] steps = [.. order.Life.Take(version - 1)];
        var updatedAt = version == known.Version ? known.UpdatedAt : found?.UpdatedAt ?? known.UpdatedAt;
        var refunds = Refunds(steps, found, updatedAt);
        return new OrderState
        {
            Id = known.OrderId, Number = Number(known.NumberBits), ExternalId = plan.ExternalId(order.Number), Channel = plan.Channel,
            Status = steps.Select(step => LifeSoFar.Reached(step.Step)).LastOrDefault(status => status is not null) ?? OrderStatus.Placed,
            Version = version, Customer = Snapshot(order.Customer), Destination = Snapshot(order.Address),
            Items = Items(order, steps, found),
            Currency = currency, Subtotal = order.Amounts.Subtotal, Discount = order.Amounts.Discount, Shipping = order.Amounts.Shipping,
            Tax = order.Amounts.Tax, ShippingTaxRate = found?.ShippingTaxRate, Total = order.Amounts.Total,
            TotalWeight = order.Amounts.TotalWeight,
            PlacedAt = known.PlacedAt, UpdatedAt = version == 1 ? known.PlacedAt : updatedAt,
            ConfirmedAt = Instant(LifeStep.Confirmed, found?.ConfirmedAt), PaidAt = Instant(LifeStep.Paid, found?.PaidAt),
            ShippedAt = Instant(LifeStep.Shipped, found?.ShippedAt), DeliveredAt = Instant(LifeStep.Delivered, found?.DeliveredAt),
            CancelledAt = Instant(LifeStep.Cancelled, found?.CancelledAt), ReturnedAt = Instant(LifeStep.Returned, found?.ReturnedAt),
            FailedAt = Instant(LifeStep.Failed, found?.FailedAt),
            Reason = steps.LastOrDefault(step => step.Step is LifeStep.Cancelled or LifeStep.Failed or LifeStep.Returned)?.Reason,
            Payment = Payment(order, steps, Instant(LifeStep.Paid, found?.PaidAt)),
            Refunds = refunds, Refunded = refunds?.Sum(refund => refund.Amount), Owed = Owed(order, steps, refunds),
            Shipments = Shipments(steps, found, updatedAt), Returns = Returns(steps, found, updatedAt),
        };

        // The last step happened when this version came to be; of those before it only the API knows.
        DateTimeOffset? Instant(LifeStep step, DateTimeOffset? then) =>
            Array.FindIndex(steps, one => one.Step == step) is >= 0 and var index
                ? index == steps.Length - 1 ? updatedAt : then ?? updatedAt : null;
    }

    public static CustomerSnapshot Snapshot(Customer customer) => new()
    {
        Id = customer.ClientId, Name = $"{customer.FirstName} {customer.LastName}", Email = customer.Email, Phone = customer.PhoneNumber,
    };

    public static AddressSnapshot Snapshot(Address address) => new()
    {
        Id = address.AddressId, Road = address.Road ?? "", HouseNumber = address.HouseNumber ?? "",
        Neighborhood = address.Neighborhood ?? "", Suburb = address.Suburb ?? "", CityDistrict = address.CityDistrict ?? "",
        State = address.State ?? "", Postcode = address.Postcode ?? "", Country = address.Country ?? "",
        Lat = Degrees(address.Lat) ?? address.Coordinates?.ElementAtOrDefault(0),
        Lon = Degrees(address.Lon) ?? address.Coordinates?.ElementAtOrDefault(1),
    };

    private static OrderItemState[] Items(VerifyOrder order, LifeEvent[] steps, OrderState? found) =>
    [
        .. order.Lines.Select((line, index) => new OrderItemState
        {
            Line = index + 1, ProductId = line.Product.Id, Sku = line.Product.Sku, Name = line.Product.Name,
            Description = line.Product.Description, Category = line.Product.Category, UnitPrice = line.Product.Price,
            Weight = line.Product.Weight, Quantity = line.Quantity, Total = line.Product.Price * line.Quantity,
            TaxRate = found?.Items.ElementAtOrDefault(index)?.TaxRate, Tax = found?.Items.ElementAtOrDefault(index)?.Tax,
            Shipped = Pieces(steps, index + 1, LifeStep.PartlyShipped, LifeStep.Shipped),
            Returned = Pieces(steps, index + 1, LifeStep.PartlyReturned, LifeStep.Returned),
        }),
    ];

    private static int? Pieces(LifeEvent[] steps, int line, LifeStep part, LifeStep whole)
    {
        var moved = steps.Where(step => step.Step == part || step.Step == whole).SelectMany(step => step.Pieces!)
            .Where(pieces => pieces.Line == line).Sum(pieces => pieces.Quantity);
        return moved == 0 ? null : moved;
    }

    private static PaymentState? Payment(VerifyOrder order, LifeEvent[] steps, DateTimeOffset? at) =>
        steps.FirstOrDefault(step => step.Step == LifeStep.Paid) is { } paid
            ? new PaymentState { Method = paid.Method!, Reference = paid.Reference, Amount = order.Amounts.Total, At = at!.Value } : null;

    /// <summary>Of an order that was cancelled or failed, what was paid and did not go back.</summary>
    private static decimal? Owed(VerifyOrder order, LifeEvent[] steps, RefundState[]? refunds)
    {
        var hasEnded = steps.Any(step => step.Step is LifeStep.Cancelled or LifeStep.Failed);
        if (!hasEnded || !steps.Any(step => step.Step is LifeStep.Paid)) return null;
        var owed = order.Amounts.Total - (refunds?.Sum(refund => refund.Amount) ?? 0);
        return owed > 0 ? owed : null;
    }

    private static RefundState[]? Refunds(LifeEvent[] steps, OrderState? found, DateTimeOffset updatedAt) => Entries(
        steps, [LifeStep.Refunded], updatedAt, (step, index, last) => new RefundState
        {
            Id = found?.Refunds?.ElementAtOrDefault(index)?.Id ?? NoId, Amount = step.Amount!.Value, Reason = step.Reason,
            Reference = step.Reference, At = last ?? found?.Refunds?.ElementAtOrDefault(index)?.At ?? updatedAt,
        });

    private static ShipmentState[]? Shipments(LifeEvent[] steps, OrderState? found, DateTimeOffset updatedAt) => Entries(
        steps, [LifeStep.PartlyShipped, LifeStep.Shipped], updatedAt, (step, index, last) => new ShipmentState
        {
            Id = found?.Shipments?.ElementAtOrDefault(index)?.Id ?? NoId, Carrier = step.Carrier!, Tracking = step.Tracking,
            Lines = Lines(step), At = last ?? found?.Shipments?.ElementAtOrDefault(index)?.At ?? updatedAt,
        });

    private static ReturnState[]? Returns(LifeEvent[] steps, OrderState? found, DateTimeOffset updatedAt) => Entries(
        steps, [LifeStep.PartlyReturned, LifeStep.Returned], updatedAt, (step, index, last) => new ReturnState
        {
            Id = found?.Returns?.ElementAtOrDefault(index)?.Id ?? NoId, Reason = step.Reason, Lines = Lines(step),
            At = last ?? found?.Returns?.ElementAtOrDefault(index)?.At ?? updatedAt,
        });

    /// <summary>One entry for each such step; <c>make</c> is told when it happened if it is the last step of all.</summary>
    private static T[]? Entries<T>(
        LifeEvent[] steps, LifeStep[] kinds, DateTimeOffset updatedAt, Func<LifeEvent, int, DateTimeOffset?, T> make)
    {
        var entries = new List<T>();
        foreach (var step in steps.Where(step => kinds.Contains(step.Step)))
            entries.Add(make(step, entries.Count, step == steps[^1] ? updatedAt : null));
        return entries.Count == 0 ? null : [.. entries];
    }

    private static LineQuantity[] Lines(LifeEvent step) =>
        [.. step.Pieces!.Select(pieces => new LineQuantity(pieces.Line, pieces.Quantity))];

    /// <summary>The other way round than <see cref="VerifyBook.Bits"/>.</summary>
    private static string Number(ulong bits)
    {
        Span<byte> letters = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(letters, bits);
        return bits == 0 ? "" : Encoding.ASCII.GetString(letters[..4]) + "-" + Encoding.ASCII.GetString(letters[4..]);
    }

    private static double? Degrees(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : null;
}

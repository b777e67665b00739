using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Bulk;

/// <summary>What a line of an import is.</summary>
/// <param name="Order">The order, whole; null when the line is rejected.</param>
/// <param name="NumberIsDerived">Nobody gave the order its number, so another will do if somebody has it.</param>
/// <param name="Code">Stable code of the rejection.</param>
/// <param name="Id">The order's id as the line says it.</param>
/// <param name="ExternalId">As the line says it.</param>
/// <param name="Errors">Everything that is wrong.</param>
internal readonly record struct ImportReading(
    OrderState? Order, bool NumberIsDerived, string Code, string? Id, string? ExternalId, IReadOnlyList<FieldError> Errors);

/// <summary>
/// From the bytes of a line to an order. Two invariants: the same line is always the same order, whenever and wherever it is read, so
/// an import can be repeated; and a line that an order was exported to is that order, byte for byte. What is left out is derived from
/// the rest, and what is given has to agree with what would be derived.
/// </summary>
internal static class ImportLineReader
{
    public const string Malformed = "malformed";
    public const string Invalid = "invalid";
    public const string DefaultChannel = "import";

    /// <summary>What is said of one line, at most: of a thousand bad lines with a hundred bad items each, nobody reads all.</summary>
    private const int ErrorsMax = 10;

    /// <param name="json">The line.</param>
    /// <param name="latest">Nothing can have happened later: about now.</param>
    public static ImportReading Read(ReadOnlySpan<byte> json, DateTimeOffset latest)
    {
        var (line, error) = ImportLineJson.Read(json);
        if (line is null) return new ImportReading(null, false, Malformed, null, null, [error!]);

        var check = new Check();
        ImportLineShape.Validate(line, check);
        // Sums of what is no amount and times of what is no status would only add noise.
        var order = check.Failed ? null : Derive(line, check, latest);
        return check.Failed
            ? new ImportReading(null, false, Invalid, line.Id, line.ExternalId, [.. check.Error.Fields.Take(ErrorsMax)])
            : new ImportReading(order, line.Number is null, "", line.Id, line.ExternalId, []);
    }

    private static OrderState Derive(ImportLine line, Check check, DateTimeOffset latest)
    {
        var status = OrderStatuses.Parse(line.Status!);
        var times = ImportTimes.Of(line, status, latest, check);
        var id = line.Id ?? DerivedIds.Of(OrderIds.OrderPrefix, line.ExternalId!, times.Placed);
        var order = new OrderState
        {
            Id = id,
            Number = line.Number ?? DerivedIds.Number(id, 0),
            ExternalId = line.ExternalId,
            Status = status,
            Version = Version(line, times, check),
            Channel = line.Channel ?? DefaultChannel,
            Customer = Customer(line.Customer!),
            Destination = Destination(line.Destination!),
            Items = ImportParcels.Items(line, status, times.Paid is not null, check),
            Currency = line.Currency!,
            DiscountCode = line.DiscountCode,
            DiscountTerms = ImportMoney.Terms(line, check),
            ShippingTaxRate = line.ShippingTaxRate,
            PlacedAt = times.Placed,
            UpdatedAt = times.Updated,
            ConfirmedAt = times.Confirmed,
            PaidAt = times.Paid,
            ShippedAt = times.Shipped,
            DeliveredAt = times.Delivered,
            CancelledAt = times.Cancelled,
            ReturnedAt = times.Returned,
            FailedAt = times.Failed,
            Reason = line.Reason,
            Shipments = ImportParcels.Shipments(line, id, times, check),
            Returns = ImportParcels.Returns(line, id, times, check),
            Subtotal = 0,
            Discount = 0,
            Shipping = 0,
            Tax = 0,
            Total = 0,
            TotalWeight = 0,
        };
        return ImportMoney.Paid(AddUp(order, line, check), line, times, check);
    }

    /// <summary>The sums, by the rules of <see cref="PriceList.AddUp"/>; only what sending costs is what it cost then.</summary>
    private static OrderState AddUp(OrderState order, ImportLine line, Check check)
    {
        var subtotal = Money.Round(order.Items.Sum(item => item.Total), order.Currency);
        var shares = order.Items.Sum(item => item.Discount ?? 0);
        var discount = Money.Round(line.Discount ?? shares, order.Currency);
        var shipping = Money.Round(line.Shipping ?? 0, order.Currency);
        var total = Money.Round(subtotal - discount + shipping, order.Currency);
        var weight = Weight.Round(order.Items.Sum(item => item.Weight * item.Quantity));

        check.Agrees("subtotal", line.Subtotal, subtotal, "the sum of the items' totals");
        if (subtotal > Money.Max) check.Fail("items", FormattableString.Invariant($"must cost at most {Money.Max} together"));
        if (discount > subtotal) check.Fail("discount", FormattableString.Invariant($"must be at most the subtotal, {subtotal}"));
        else if (shares != 0) check.Agrees("discount", line.Discount, shares, "the sum of the items' discounts");
        if (total > Money.Max) check.Fail("total", FormattableString.Invariant($"must be at most {Money.Max}"));
        check.Agrees("total", line.Total, total, "subtotal - discount + shipping");
        check.Agrees("total_weight", line.TotalWeight, weight, "the sum of the items' weights");
        if (weight > Weight.Max) check.Fail("items", FormattableString.Invariant($"must weigh at most {Weight.Max} kg together"));
        var isUndivided = shares == 0 && discount > 0 && !check.Failed;
        return ImportMoney.Taxed(order with
        {
            Items = isUndivided ? PriceList.Allot(order.Items, discount, subtotal, order.Currency) : order.Items,
            Subtotal = subtotal,
            Discount = discount,
            Shipping = shipping,
            Total = total,
            TotalWeight = weight,
        }, line, check);
    }

    private static int Version(ImportLine line, ImportTimes times, Check check)
    {
        // What comes back before it was recorded as delivered, or before the rest was cancelled, reaches up to three steps at once.
        var least = 1 + times.Steps - (line.ReturnedAt is { } back && back == line.DeliveredAt ? line.ShippedAt == back ? 2 : 1 : 0);
        if (line.Version < least) check.Fail("version", FormattableString.Invariant($"must be at least {least}: one for every step"));
        return line.Version ?? least;
    }

    private static CustomerSnapshot Customer(ImportLine.CustomerPart customer) => new()
    {
        Id = customer.Id!, Name = customer.Name!, Email = customer.Email!, Phone = customer.Phone!,
    };

    private static AddressSnapshot Destination(ImportLine.DestinationPart place) => new()
    {
        Id = place.Id!, Road = place.Road ?? "", HouseNumber = place.HouseNumber ?? "", Neighborhood = place.Neighborhood ?? "",
        Suburb = place.Suburb ?? "", CityDistrict = place.CityDistrict ?? "", State = place.State ?? "", Postcode = place.Postcode ?? "",
        Country = place.Country ?? "", Lat = place.Lat, Lon = place.Lon,
    };
}

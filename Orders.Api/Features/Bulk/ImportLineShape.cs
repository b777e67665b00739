using System.Globalization;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// The fields of a line, each by itself: there if it has to be, and of a size that the API itself could have made. What they
/// say together is <see cref="ImportLineReader"/>'s.
/// </summary>
internal static class ImportLineShape
{
    /// <summary>No order lives to see it, and one more still is a number.</summary>
    private const int VersionMax = 1_000_000;

    /// <summary>First and last name of a customer, and the space between.</summary>
    private const int CustomerNameMax = 401;

    private const int DescriptionMax = 4000;

    public static void Validate(ImportLine line, Check check)
    {
        Identity(line, check);
        check.OneOf("status", line.Status, OrderStatuses.All);
        check.Optional("channel", line.Channel, 32);
        check.Optional("discount_code", line.DiscountCode, 40);
        check.Optional("reason", line.Reason, 500);
        if (line.Currency is null) check.Fail("currency", "is required");
        else if (!Currencies.Exists(line.Currency)) check.Fail("currency", "must be an ISO 4217 code such as EUR");
        // Of amounts in no currency nothing more is said than what all have in common.
        var decimals = Currencies.Exists(line.Currency) ? Currencies.DecimalsOf(line.Currency!) : Currencies.DecimalsMax;
        if (line.PlacedAt is null) check.Fail("placed_at", "is required");
        else if (line.PlacedAt < DateTimeOffset.UnixEpoch) check.Fail("placed_at", "must not be earlier than 1970");
        if (line.Shipping is not null) check.Decimals("shipping", line.Shipping, decimals, Money.Max);
        if (line.Discount is not null) check.Decimals("discount", line.Discount, decimals, Money.Max);
        if (line.ShippingTaxRate is not null) check.Decimals("shipping_tax_rate", line.ShippingTaxRate, 4, 100);
        Customer(line.Customer, check);
        Destination(line.Destination, check);
        Items(line.Items, decimals, check);
        MoneyMoved(line, decimals, check);
        Parcels(line, check);
    }

    private static void Identity(ImportLine line, Check check)
    {
        if (line.ExternalId is null && line.Id is null) check.Fail("external_id", "is required where there is no id");
        check.Optional("external_id", line.ExternalId, 128);
        check.Id("id", line.Id, OrderIds.OrderPrefix);
        if (line.Number is not null && !OrderIds.IsNumber(line.Number))
            check.Fail("number", "must be XXXX-XXXX of 0-9 and A-Z without I, L, O, U");
        if (line.Version is not null) check.Range("version", line.Version, 1, VersionMax);
    }

    private static void Customer(ImportLine.CustomerPart? customer, Check check)
    {
        if (customer is null)
        {
            check.Fail("customer", "is required");
            return;
        }

        check.Text("customer.id", customer.Id, max: 64);
        check.Text("customer.name", customer.Name, max: CustomerNameMax);
        check.Text("customer.email", customer.Email, max: 320);
        check.Text("customer.phone", customer.Phone, max: 32);
    }

    private static void Destination(ImportLine.DestinationPart? place, Check check)
    {
        if (place is null)
        {
            check.Fail("destination", "is required");
            return;
        }

        check.Text("destination.id", place.Id, max: 64);
        check.Text("destination.road", place.Road, required: false);
        check.Text("destination.house_number", place.HouseNumber, required: false);
        check.Text("destination.neighborhood", place.Neighborhood, required: false);
        check.Text("destination.suburb", place.Suburb, required: false);
        check.Text("destination.city_district", place.CityDistrict, required: false);
        check.Text("destination.state", place.State, required: false);
        check.Text("destination.postcode", place.Postcode, required: false);
        check.Text("destination.country", place.Country, required: false);
        if (place.Lat is { } lat && !double.IsFinite(lat)) check.Fail("destination.lat", "must be degrees");
        if (place.Lon is { } lon && !double.IsFinite(lon)) check.Fail("destination.lon", "must be degrees");
    }

    private static void Items(List<ImportLine.ItemPart?>? items, int decimals, Check check)
    {
        if (items is not { Count: > 0 }) check.Fail("items", "must have at least one line");
        else if (items.Count > ApiLimits.OrderLinesMax)
            check.Fail("items", string.Create(CultureInfo.InvariantCulture, $"must have at most {ApiLimits.OrderLinesMax} lines"));
        else for (var i = 0; i < items.Count; i++) Item(new Entry("items", i), items[i], decimals, check);
    }

    private static void Item(Entry at, ImportLine.ItemPart? item, int decimals, Check check)
    {
        if (item is null)
        {
            check.Fail(at.ToString(), "must be an object");
            return;
        }

        if (item.Line is { } number && number != at.Index + 1)
            check.Fail(at.Field("line"), string.Create(CultureInfo.InvariantCulture, $"must be {at.Index + 1}: lines count from 1"));
        check.Text(at, "product_id", item.ProductId, max: 64);
        check.Text(at, "sku", item.Sku, max: 64, required: false);
        check.Text(at, "name", item.Name);
        check.Text(at, "description", item.Description, max: DescriptionMax, required: false);
        check.Text(at, "category", item.Category, required: false);
        check.Amount(at, "unit_price", item.UnitPrice, decimals);
        check.Whole(at, "quantity", item.Quantity, 1, 1000);
        if (item.Weight is not (null or (>= 0 and <= Product.WeightMax)) || Rounds(item.Weight, 3))
            check.Decimals(at.Field("weight"), item.Weight, 3, Product.WeightMax);
        if (item.Discount is not null) check.Amount(at, "discount", item.Discount, decimals);
        if (item.TaxRate is not null) check.Decimals(at.Field("tax_rate"), item.TaxRate, 4, 100);
        if (item.Cancelled is not null) check.Whole(at, "cancelled", item.Cancelled, 0, item.Quantity ?? 0);
        if (item.Shipped is not null) check.Whole(at, "shipped", item.Shipped, 0, item.Quantity ?? 0);
        if (item.Returned is not null) check.Whole(at, "returned", item.Returned, 0, item.Quantity ?? 0);
    }

    private static void MoneyMoved(ImportLine line, int decimals, Check check)
    {
        if (line.Payment is { } payment)
        {
            check.Optional("payment.method", payment.Method, 32);
            check.Optional("payment.reference", payment.Reference, 128);
        }

        for (var i = 0; i < line.Refunds?.Count; i++)
        {
            var at = new Entry("refunds", i);
            if (line.Refunds[i] is not { } refund)
            {
                check.Fail(at.ToString(), "must be an object");
                continue;
            }

            check.Id(at.Field("id"), refund.Id, OrderIds.RefundPrefix);
            check.Amount(at, "amount", refund.Amount, decimals);
            if (refund.Amount == 0) check.Fail(at.Field("amount"), "must be more than 0");
            if (refund.Reason is not null) check.Text(at, "reason", refund.Reason, max: 500);
            if (refund.Reference is not null) check.Text(at, "reference", refund.Reference, max: 128);
            check.Id(at.Field("return_id"), refund.ReturnId, OrderIds.ReturnPrefix);
            if (refund.Lines is not null) Pieces(at, refund.Lines, refund.At, check);
            else if (refund.At is null) check.Fail(at.Field("at"), "is required");
        }
    }

    private static void Parcels(ImportLine line, Check check)
    {
        for (var i = 0; i < line.Shipments?.Count; i++)
        {
            var at = new Entry("shipments", i);
            if (line.Shipments[i] is not { } parcel)
            {
                check.Fail(at.ToString(), "must be an object");
                continue;
            }

            check.Id(at.Field("id"), parcel.Id, OrderIds.ShipmentPrefix);
            check.Text(at, "carrier", parcel.Carrier, max: 64);
            if (parcel.Tracking is not null) check.Text(at, "tracking", parcel.Tracking, max: 128);
            Pieces(at, parcel.Lines, parcel.At, check);
        }

        for (var i = 0; i < line.Returns?.Count; i++)
        {
            var at = new Entry("returns", i);
            if (line.Returns[i] is not { } back)
            {
                check.Fail(at.ToString(), "must be an object");
                continue;
            }

            check.Id(at.Field("id"), back.Id, OrderIds.ReturnPrefix);
            if (back.Reason is not null) check.Text(at, "reason", back.Reason, max: 500);
            Pieces(at, back.Lines, back.At, check);
        }
    }

    private static void Pieces(Entry at, List<ImportLine.PiecesPart?>? lines, DateTimeOffset? when, Check check)
    {
        if (when is null) check.Fail(at.Field("at"), "is required");
        if (lines is not { Count: > 0 }) check.Fail(at.Field("lines"), "must have at least one line");
        else if (lines.Count > ApiLimits.OrderLinesMax || lines.Any(piece => piece is not { Line: >= 1, Quantity: >= 1 and <= 1000 }))
            check.Fail(at.Field("lines"), "must be lines of the order, each once, with a quantity between 1 and 1000");
    }

    private static bool Rounds(decimal? value, int decimals) => value is { } number && decimal.Round(number, decimals) != number;
}

using System.Globalization;
using System.Text.Json;
using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Features.Explaining;

/// <summary>Compares an order's rows, column by column, with the state that its history says is the newest.</summary>
internal static class StoredRows
{
    public static StoredEvidence Compare(OrderFacts facts, OrderState state)
    {
        var differences = new List<string>();
        Compare("orders.", facts.Row, Expected(state), differences);
        var items = facts.Items.EnumerateArray().ToArray();
        if (items.Length != state.Items.Count) differences.Add("order_items");
        for (var i = 0; i < Math.Min(items.Length, state.Items.Count); i++)
            Compare(FormattableString.Invariant($"order_items[{state.Items[i].Line}]."), items[i], Expected(state.Items[i]), differences);
        Compare("order_refunds", facts.RefundIds, state.Refunds?.Select(refund => refund.Id), differences);
        Compare("order_shipments", facts.ShipmentIds, state.Shipments?.Select(shipment => shipment.Id), differences);
        return new StoredEvidence(facts.Row.GetProperty("version").GetInt32(), differences.Count == 0, differences);
    }

    private static void Compare(string table, string[] stored, IEnumerable<string>? expected, List<string> differences)
    {
        if (!stored.Order(StringComparer.Ordinal).SequenceEqual((expected ?? []).Order(StringComparer.Ordinal))) differences.Add(table);
    }

    private static void Compare(string table, JsonElement row, Dictionary<string, object?> expected, List<string> differences)
    {
        foreach (var (column, value) in expected)
        {
            if (!Same(row.GetProperty(column), value)) differences.Add(table + column);
        }
    }

    private static bool Same(JsonElement stored, object? expected) => expected switch
    {
        null => stored.ValueKind == JsonValueKind.Null,
        string text => stored.ValueKind == JsonValueKind.String && stored.GetString() == text,
        int whole => stored.ValueKind == JsonValueKind.Number && stored.GetInt64() == whole,
        decimal amount => stored.ValueKind == JsonValueKind.Number && stored.GetDecimal() == amount,
        double degrees => stored.ValueKind == JsonValueKind.Number && stored.GetDouble().Equals(degrees),
        DateTimeOffset at => stored.ValueKind == JsonValueKind.String
            && DateTimeOffset.Parse(stored.GetString()!, CultureInfo.InvariantCulture) == at,
        _ => throw new InvalidOperationException($"no column holds a {expected.GetType().Name}"),
    };

    private static Dictionary<string, object?> Expected(OrderState order) => new(StringComparer.Ordinal)
    {
        ["number"] = order.Number, ["external_id"] = order.ExternalId, ["status"] = order.Status.ToWire(), ["version"] = order.Version,
        ["channel"] = order.Channel, ["customer_id"] = order.Customer.Id, ["customer_name"] = order.Customer.Name,
        ["customer_email"] = order.Customer.Email, ["customer_phone"] = order.Customer.Phone, ["currency"] = order.Currency,
        ["address_id"] = order.Destination.Id, ["road"] = order.Destination.Road, ["house_number"] = order.Destination.HouseNumber,
        ["neighborhood"] = order.Destination.Neighborhood, ["suburb"] = order.Destination.Suburb,
        ["city_district"] = order.Destination.CityDistrict, ["state"] = order.Destination.State,
        ["postcode"] = order.Destination.Postcode, ["country"] = order.Destination.Country, ["lat"] = order.Destination.Lat,
        ["lon"] = order.Destination.Lon, ["subtotal"] = order.Subtotal, ["discount"] = order.Discount,
        ["discount_code"] = order.DiscountCode, ["shipping"] = order.Shipping, ["tax"] = order.Tax, ["total"] = order.Total,
        ["total_weight"] = order.TotalWeight, ["placed_at"] = order.PlacedAt, ["updated_at"] = order.UpdatedAt,
        ["confirmed_at"] = order.ConfirmedAt, ["paid_at"] = order.PaidAt, ["shipped_at"] = order.ShippedAt,
        ["delivered_at"] = order.DeliveredAt, ["cancelled_at"] = order.CancelledAt, ["returned_at"] = order.ReturnedAt,
        ["failed_at"] = order.FailedAt, ["reason"] = order.Reason, ["paid_amount"] = order.Payment?.Amount,
        ["payment_method"] = order.Payment?.Method, ["payment_reference"] = order.Payment?.Reference, ["refunded"] = order.Refunded ?? 0m,
        // Of states that are older than the field it is derived.
        ["owed"] = Balance.Owed(order) ?? 0m,
    };

    private static Dictionary<string, object?> Expected(OrderItemState item) => new(StringComparer.Ordinal)
    {
        ["line"] = item.Line, ["product_id"] = item.ProductId, ["sku"] = item.Sku, ["name"] = item.Name,
        ["description"] = item.Description, ["category"] = item.Category, ["unit_price"] = item.UnitPrice, ["weight"] = item.Weight,
        ["quantity"] = item.Quantity, ["total"] = item.Total, ["discount"] = item.Discount ?? 0m, ["shipped"] = item.Shipped ?? 0,
        ["returned"] = item.Returned ?? 0, ["cancelled"] = item.Cancelled ?? 0,
    };
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Orders.Contracts;
using Orders.Simulator.Lives;
using Orders.Simulator.Model;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Histories;

/// <summary>
/// An order as a line of an import. It says everything that it knows, sums included: what does not agree with the API's own rules is
/// then refused instead of becoming another order.
/// </summary>
internal sealed class OrderLine(string currency, DateTimeOffset now)
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>In the layout of version 7, from the time of placing and the order's key: ids sort by time like those made here.</summary>
    public static string IdOf(SimulatedOrder order)
    {
        Span<byte> id = stackalloc byte[16];
        order.Key.TryWriteBytes(id, bigEndian: true, out _);
        Span<byte> milliseconds = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, order.PlacedAt.ToUnixTimeMilliseconds());
        milliseconds[2..].CopyTo(id);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        return "ord-" + new Guid(id, bigEndian: true);
    }

    /// <summary>The line without its end; the bytes are a function of the arguments.</summary>
    public void Write(Utf8JsonWriter json, SimulatedOrder order, string externalId)
    {
        var life = LifeSoFar.Of(order, now);
        json.WriteStartObject();
        json.WriteString("id"u8, IdOf(order));
        json.WriteString("external_id"u8, externalId);
        json.WriteString("status"u8, life.Status.ToWire());
        json.WriteNumber("version"u8, life.Version);
        json.WriteString("channel"u8, order.Channel);
        Write(json, order.Customer);
        Write(json, order.Address);
        Items(json, order);
        json.WriteString("currency"u8, currency);
        json.WriteNumber("subtotal"u8, order.Amounts.Subtotal);
        json.WriteNumber("discount"u8, order.Amounts.Discount);
        Optional(json, "discount_code"u8, order.DiscountCode);
        json.WriteNumber("shipping"u8, order.Amounts.Shipping);
        json.WriteNumber("tax"u8, order.Amounts.Tax);
        json.WriteNumber("total"u8, order.Amounts.Total);
        json.WriteNumber("total_weight"u8, order.Amounts.TotalWeight);
        Instant(json, "placed_at"u8, order.PlacedAt);
        Instant(json, "updated_at"u8, life.UpdatedAt);
        foreach (var step in life.Steps)
        {
            if (LifeSoFar.Reached(step.Step) is { } status) Instant(json, FieldOf(status), step.At);
        }

        Optional(json, "reason"u8, life.Reason);
        Money(json, life, order.Amounts.Total);
        Moves(json, "shipments"u8, life, LifeStep.PartlyShipped, LifeStep.Shipped);
        Moves(json, "returns"u8, life, LifeStep.PartlyReturned, LifeStep.Returned);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Customer customer)
    {
        json.WriteStartObject("customer"u8);
        json.WriteString("id"u8, customer.ClientId);
        json.WriteString("name"u8, $"{customer.FirstName} {customer.LastName}");
        json.WriteString("email"u8, customer.Email);
        json.WriteString("phone"u8, customer.PhoneNumber);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Address address)
    {
        json.WriteStartObject("destination"u8);
        json.WriteString("id"u8, address.AddressId);
        Optional(json, "road"u8, address.Road);
        Optional(json, "house_number"u8, address.HouseNumber);
        Optional(json, "neighborhood"u8, address.Neighborhood);
        Optional(json, "suburb"u8, address.Suburb);
        Optional(json, "city_district"u8, address.CityDistrict);
        Optional(json, "state"u8, address.State);
        Optional(json, "postcode"u8, address.Postcode);
        Optional(json, "country"u8, address.Country);
        if ((Degrees(address.Lat) ?? address.Coordinates?[0]) is { } lat) json.WriteNumber("lat"u8, lat);
        if ((Degrees(address.Lon) ?? address.Coordinates?[1]) is { } lon) json.WriteNumber("lon"u8, lon);
        json.WriteEndObject();
    }

    private static void Items(Utf8JsonWriter json, SimulatedOrder order)
    {
        json.WriteStartArray("items"u8);
        for (var i = 0; i < order.Lines.Count; i++)
        {
            var (product, quantity) = (order.Lines[i].Product, order.Lines[i].Quantity);
            json.WriteStartObject();
            json.WriteString("product_id"u8, product.Id);
            json.WriteString("sku"u8, product.Sku);
            json.WriteString("name"u8, product.Name);
            json.WriteString("description"u8, product.Description);
            json.WriteString("category"u8, product.Category);
            json.WriteNumber("unit_price"u8, product.Price);
            json.WriteNumber("weight"u8, product.Weight);
            json.WriteNumber("quantity"u8, quantity);
            if (order.Amounts.LineDiscounts[i] > 0) json.WriteNumber("discount"u8, order.Amounts.LineDiscounts[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Money(Utf8JsonWriter json, LifeSoFar life, decimal total)
    {
        if (life.Steps.FirstOrDefault(step => step.Step == LifeStep.Paid) is { } paid)
        {
            json.WriteStartObject("payment"u8);
            json.WriteString("method"u8, paid.Method);
            Optional(json, "reference"u8, paid.Reference);
            json.WriteNumber("amount"u8, total);
            Instant(json, "at"u8, paid.At);
            json.WriteEndObject();
        }

        if (!life.Steps.Any(step => step.Step == LifeStep.Refunded)) return;
        json.WriteStartArray("refunds"u8);
        foreach (var step in life.Steps.Where(step => step.Step == LifeStep.Refunded))
        {
            json.WriteStartObject();
            json.WriteNumber("amount"u8, step.Amount!.Value);
            Optional(json, "reason"u8, step.Reason);
            Optional(json, "reference"u8, step.Reference);
            Instant(json, "at"u8, step.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Parcels that left, or pieces that came back.</summary>
    private static void Moves(Utf8JsonWriter json, ReadOnlySpan<byte> name, LifeSoFar life, LifeStep part, LifeStep whole)
    {
        if (!life.Steps.Any(step => step.Step == part || step.Step == whole)) return;
        json.WriteStartArray(name);
        foreach (var step in life.Steps.Where(step => step.Step == part || step.Step == whole))
        {
            json.WriteStartObject();
            Optional(json, "carrier"u8, step.Carrier);
            Optional(json, "tracking"u8, step.Tracking);
            Optional(json, "reason"u8, step.Reason);
            json.WriteStartArray("lines"u8);
            foreach (var piece in step.Pieces!)
            {
                json.WriteStartObject();
                json.WriteNumber("line"u8, piece.Line);
                json.WriteNumber("quantity"u8, piece.Quantity);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Instant(json, "at"u8, step.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static ReadOnlySpan<byte> FieldOf(OrderStatus status) => status switch
    {
        OrderStatus.Confirmed => "confirmed_at"u8,
        OrderStatus.Paid => "paid_at"u8,
        OrderStatus.Shipped => "shipped_at"u8,
        OrderStatus.Delivered => "delivered_at"u8,
        OrderStatus.Returned => "returned_at"u8,
        OrderStatus.Cancelled => "cancelled_at"u8,
        OrderStatus.Failed => "failed_at"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    private static void Optional(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }

    private static void Instant(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[32];
        at.UtcDateTime.TryFormat(text, out var length, InstantFormat, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    private static double? Degrees(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees)
            ? degrees : null;
}

using System.Buffers;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features.Bulk;

/// <summary>A row per order: what fits into one.</summary>
internal sealed class OrdersCsv() : ExportFormat(BulkExtensions.CsvUtf8, "csv")
{
    private static readonly (string Name, Action<CsvRow, OrderState> Write)[] Columns =
    [
        ("id", (row, order) => row.Text(order.Id)),
        ("number", (row, order) => row.Text(order.Number)),
        ("external_id", (row, order) => row.Text(order.ExternalId)),
        ("status", (row, order) => row.Text(order.Status.ToWire())),
        ("version", (row, order) => row.Number(order.Version)),
        ("channel", (row, order) => row.Text(order.Channel)),
        ("placed_at", (row, order) => row.Instant(order.PlacedAt)),
        ("updated_at", (row, order) => row.Instant(order.UpdatedAt)),
        ("customer_id", (row, order) => row.Text(order.Customer.Id)),
        ("customer_name", (row, order) => row.Text(order.Customer.Name)),
        ("customer_email", (row, order) => row.Text(order.Customer.Email)),
        ("customer_phone", (row, order) => row.Text(order.Customer.Phone)),
        ("road", (row, order) => row.Text(order.Destination.Road)),
        ("house_number", (row, order) => row.Text(order.Destination.HouseNumber)),
        ("neighborhood", (row, order) => row.Text(order.Destination.Neighborhood)),
        ("suburb", (row, order) => row.Text(order.Destination.Suburb)),
        ("city_district", (row, order) => row.Text(order.Destination.CityDistrict)),
        ("state", (row, order) => row.Text(order.Destination.State)),
        ("postcode", (row, order) => row.Text(order.Destination.Postcode)),
        ("country", (row, order) => row.Text(order.Destination.Country)),
        ("lat", (row, order) => row.Number(order.Destination.Lat)),
        ("lon", (row, order) => row.Number(order.Destination.Lon)),
        ("lines", (row, order) => row.Number(order.Items.Count)),
        ("pieces", (row, order) => row.Number(order.Items.Sum(item => item.Quantity))),
        ("currency", (row, order) => row.Text(order.Currency)),
        ("subtotal", (row, order) => row.Number(order.Subtotal)),
        ("discount", (row, order) => row.Number(order.Discount)),
        ("discount_code", (row, order) => row.Text(order.DiscountCode)),
        ("shipping", (row, order) => row.Number(order.Shipping)),
        ("tax", (row, order) => row.Number(order.Tax)),
        ("total", (row, order) => row.Number(order.Total)),
        ("total_weight", (row, order) => row.Number(order.TotalWeight)),
        ("paid_amount", (row, order) => row.Number(order.Payment?.Amount)),
        ("payment_method", (row, order) => row.Text(order.Payment?.Method)),
        ("payment_reference", (row, order) => row.Text(order.Payment?.Reference)),
        ("refunded", (row, order) => row.Number(order.Refunded)),
        ("confirmed_at", (row, order) => row.Instant(order.ConfirmedAt)),
        ("paid_at", (row, order) => row.Instant(order.PaidAt)),
        ("shipped_at", (row, order) => row.Instant(order.ShippedAt)),
        ("delivered_at", (row, order) => row.Instant(order.DeliveredAt)),
        ("cancelled_at", (row, order) => row.Instant(order.CancelledAt)),
        ("returned_at", (row, order) => row.Instant(order.ReturnedAt)),
        ("failed_at", (row, order) => row.Instant(order.FailedAt)),
        ("reason", (row, order) => row.Text(order.Reason)),
    ];

    public override void Begin(IBufferWriter<byte> output) => new CsvRow(output).Names(Columns.Select(column => column.Name));

    public override void Write(IBufferWriter<byte> output, byte[] state)
    {
        var order = OrderBytes.Read(state);
        var row = new CsvRow(output);
        foreach (var (_, write) in Columns) write(row, order);
        row.End();
    }
}

/// <summary>A row per line of an order.</summary>
internal sealed class ItemsCsv() : ExportFormat(BulkExtensions.CsvUtf8, "csv")
{
    private static readonly (string Name, Action<CsvRow, OrderState, OrderItemState> Write)[] Columns =
    [
        ("order_id", (row, order, _) => row.Text(order.Id)),
        ("number", (row, order, _) => row.Text(order.Number)),
        ("external_id", (row, order, _) => row.Text(order.ExternalId)),
        ("status", (row, order, _) => row.Text(order.Status.ToWire())),
        ("placed_at", (row, order, _) => row.Instant(order.PlacedAt)),
        ("customer_id", (row, order, _) => row.Text(order.Customer.Id)),
        ("line", (row, _, item) => row.Number(item.Line)),
        ("product_id", (row, _, item) => row.Text(item.ProductId)),
        ("sku", (row, _, item) => row.Text(item.Sku)),
        ("name", (row, _, item) => row.Text(item.Name)),
        ("description", (row, _, item) => row.Text(item.Description)),
        ("category", (row, _, item) => row.Text(item.Category)),
        ("currency", (row, order, _) => row.Text(order.Currency)),
        ("unit_price", (row, _, item) => row.Number(item.UnitPrice)),
        ("quantity", (row, _, item) => row.Number(item.Quantity)),
        ("total", (row, _, item) => row.Number(item.Total)),
        ("discount", (row, _, item) => row.Number(item.Discount)),
        ("weight", (row, _, item) => row.Number(item.Weight)),
        ("shipped", (row, _, item) => row.Number(item.Shipped)),
        ("returned", (row, _, item) => row.Number(item.Returned)),
    ];

    public override void Begin(IBufferWriter<byte> output) => new CsvRow(output).Names(Columns.Select(column => column.Name));

    public override void Write(IBufferWriter<byte> output, byte[] state)
    {
        var order = OrderBytes.Read(state);
        foreach (var item in order.Items)
        {
            var row = new CsvRow(output);
            foreach (var (_, write) in Columns) write(row, order, item);
            row.End();
        }
    }
}

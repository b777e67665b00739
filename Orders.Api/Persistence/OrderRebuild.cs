using Npgsql;
using Orders.Contracts;

namespace Orders.Api.Persistence;

/// <summary>The statements that make an order's rows again from its state, at the same version. The caller holds the row's lock.</summary>
internal static class OrderRebuild
{
    private const string UpdateOrder = """
        update orders set number = $2, external_id = $3, status = $4, version = $5, channel = $6, customer_id = $7, customer_name = $8,
            customer_email = $9, customer_phone = $10, currency = $11, placed_at = $12,
            address_id = $13, road = $14, house_number = $15, neighborhood = $16, suburb = $17, city_district = $18, state = $19,
            postcode = $20, country = $21, lat = $22, lon = $23, subtotal = $24, discount = $25, discount_code = $26, shipping = $27,
            tax = $28, total = $29, total_weight = $30, updated_at = $31, confirmed_at = $32, paid_at = $33, shipped_at = $34,
            delivered_at = $35, cancelled_at = $36, returned_at = $37, failed_at = $38, reason = $39, paid_amount = $40,
            payment_method = $41, payment_reference = $42, refunded = $43, owed = $44
        where id = $1
        """;

    public static void Add(NpgsqlBatchCommandCollection commands, OrderState order)
    {
        commands.Add(Sql.Command(UpdateOrder,
        [
            Sql.Text(order.Id), Sql.Text(order.Number), Sql.Text(order.ExternalId), Sql.Text(order.Status.ToWire()),
            Sql.Whole(order.Version), Sql.Text(order.Channel), Sql.Text(order.Customer.Id), Sql.Text(order.Customer.Name),
            Sql.Text(order.Customer.Email), Sql.Text(order.Customer.Phone), Sql.Text(order.Currency), Sql.Instant(order.PlacedAt),
            .. OrderRows.Changeable(order),
        ]));
        foreach (var table in (string[])["order_items", "order_refunds", "order_shipments"])
            commands.Add(Sql.Command($"delete from {table} where order_id = $1", Sql.Text(order.Id)));
        commands.Add(OrderRows.Items(order));
        foreach (var refund in order.Refunds ?? []) commands.Add(OrderRows.Refund(order.Id, refund));
        foreach (var shipment in order.Shipments ?? []) commands.Add(OrderRows.Shipment(order.Id, shipment));
    }
}

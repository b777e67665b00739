using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Reading;

internal static class OrderFilterDocs
{
    /// <summary>The parameters of <see cref="OrderFilter"/>; all that are given must hold.</summary>
    public static T Filtered<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint
        .Query("id", Values.Text(41 * ApiLimits.PageSizeMax), "These orders only: ids, separated by commas.", Examples.OrderId)
        .Query("status", Values.OneOf(OrderStatuses.All).Many(), "Orders in one of these states only.", (string[])["placed"])
        .Query("customer_id", Values.Text(64), "Orders of this customer only.", Examples.CustomerId)
        .Query("product_id", Values.Text(64), "Orders with a line of this product.", Examples.ProductId)
        .Query("sku", Values.Text(64), "Orders with a line of this sku, as it was when they were placed.", "LAMP-1")
        .Query("city_district", Values.Text(200), "Orders that go to this district.", "Centro")
        .Query("postcode", Values.Text(200), "Orders that go to this postcode.", "28014")
        .Query("channel", Values.Text(32), "Orders that came this way.", "web")
        .Query("number", Values.Text(32), "The order with this number; case, dash and spaces do not matter.", "7K3M-Q9TZ")
        .Query("external_id", Values.Text(128), "The order with this external id.", "web-1042")
        .Query("payment_reference", Values.Text(128), "Orders paid under this reference.", "psp-4711")
        .Query("tracking", Values.Text(128), "Orders with a parcel of this tracking number.", "PK4ABC0710")
        .Query("total_min", Values.Number(0, Money.Max), "A total of at least this.", 10.00m)
        .Query("total_max", Values.Number(0, Money.Max), "A total of at most this.", 1000.00m)
        .Query("owed", Values.OneOf(["true", "false"]), "true: orders that money is owed for; false: the others.", "true")
        .Query("placed_from", Values.Instant(), "Placed at or after.", "2020-01-01T00:00:00Z")
        .Query("placed_to", Values.Instant(), "Placed before.", "2100-01-01T00:00:00Z")
        .Query("updated_from", Values.Instant(), "Last changed at or after.", "2020-01-01T00:00:00Z")
        .Query("updated_to", Values.Instant(), "Last changed before.", "2100-01-01T00:00:00Z");
}

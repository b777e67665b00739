using Orders.Api.Docs;
using Orders.Api.Features.Placing;
using Orders.Api.Http;

namespace Orders.Api.Features.Changing;

internal static class ChangingExtensions
{
    public static void AddChanging(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OrderChanger>();
        builder.Services.AddOptions<ReservationOptions>()
            .BindConfiguration(ReservationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ReservationSweeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ReservationSweeper>());
    }

    public static void MapChanging(this RouteGroupBuilder orders)
    {
        orders.MapPatch("/{id}", EditOrder.Handle)
            .Describe("Edit an order", "Other lines or another address, until the order is paid. Pieces that stay keep what "
                + "was agreed: price, discount terms, shipping. Added pieces are bought at today's price and stand on a line of their own "
                + "when it is another one. Several entries of a product mean its lines in their order; stock follows.")
            .Header("If-Match", Values.Text(1024), "ETags of the versions that the change may be made on, or `*`.", "*", required: true)
            .Takes(new EditOrder.Request(Examples.AddressId, [new OrderLine(Examples.ProductId, 3)]))
            .Replies(200, "The order as it is now.", Examples.Order with { Version = 2 }, CommonHeaders.ETag, CommonHeaders.Position)
            .Refuses(ProblemTypes.VersionRequired, ProblemTypes.NotEditable, ProblemTypes.UnusableReference, ProblemTypes.OutOfStock,
                ProblemTypes.OrderTooLarge);
        orders.MapPost("/{id}/cancel", CancelOrder.Handle)
            .Describe("Cancel an order or a part of it", "Possible while it is placed, confirmed or paid and nothing has left; "
                + "with `items` for pieces of a paid order that have not left. They go back to stock; what was paid for them is `owed`.")
            .Takes(new CancelOrder.Request("changed my mind", null))
            .Replies(200, "The order as it is now.", Examples.Cancelled, CommonHeaders.ETag, CommonHeaders.Position)
            .Refuses(ProblemTypes.IllegalMove, ProblemTypes.PartlyShipped, ProblemTypes.UnusableReference);
        orders.MapMoves();
        orders.MapPost("/{id}/refunds", RefundOrder.Handle)
            .Describe("Refund an order", "Adds an entry to the ledger of money that went back. As often as wanted, together never more "
                + "than was paid. It may name pieces, or a return whose pieces are meant; without `amount` it is what they cost. Send an "
                + "`Idempotency-Key`: two refunds of the same amount are two refunds.")
            .Takes(new RefundOrder.Request(5.00m, "a scratch", "psp-4711", null, null))
            .Replies(201, "The refund, as its Location answers it.", Examples.Refund, CommonHeaders.Position, CommonHeaders.Location)
            .Refuses(ProblemTypes.NotForCustomers, ProblemTypes.NotPaid, ProblemTypes.RefundExceedsPayment,
                ProblemTypes.UnusableReference, ProblemTypes.OrderTooLarge);
    }

    /// <summary>The shop's own moves.</summary>
    private static void MapMoves(this RouteGroupBuilder all)
    {
        var orders = all.MapGroup("").Refuses(ProblemTypes.NotForCustomers, ProblemTypes.IllegalMove);
        orders.MapPost("/{id}/confirm", ConfirmOrder.Handle)
            .Describe("Confirm an order", "The shop takes it on.")
            .Replies(200, "The order as it is now.", Examples.Confirmed, CommonHeaders.ETag, CommonHeaders.Position);
        orders.MapPost("/{id}/pay", PayOrder.Handle)
            .Describe("Record an order's payment", "The money is here. The amount must be the order's total. What arrives after the "
                + "order was cancelled or failed is kept, whatever its amount, and owed.")
            .Takes(new PayOrder.Request("card", "psp-4711", Examples.Order.Total))
            .Replies(200, "The order as it is now.", Examples.Paid, CommonHeaders.ETag, CommonHeaders.Position)
            .Refuses(ProblemTypes.UnusableReference);
        orders.MapPost("/{id}/ship", ShipOrder.Handle)
            .Describe("Ship an order or a part of it", "A parcel has left. With `lines` it holds these pieces, without them all that are "
                + "left; the order is shipped when its last piece is.")
            .Takes(new ShipOrder.Request("correos", "PK4ABC0710", [new LinePieces(1, 2)]))
            .Replies(200, "The order as it is now.", Examples.Shipped, CommonHeaders.ETag, CommonHeaders.Position)
            .Refuses(ProblemTypes.UnusableReference, ProblemTypes.OrderTooLarge);
        orders.MapPost("/{id}/deliver", DeliverOrder.Handle)
            .Describe("Record that an order has arrived", "The last parcel is there.")
            .Replies(200, "The order as it is now.", Examples.Delivered, CommonHeaders.ETag, CommonHeaders.Position);
        orders.MapPost("/{id}/shipments/{shipment}/lost", LoseParcel.Handle)
            .Describe("Give a parcel up", "It will not arrive. Its pieces are open once more: they are sent again, which takes them from "
                + "stock, or cancelled by `items`. An order that was shipped is paid until then.")
            .Route("shipment", Values.Text(64), "The shipment's id.", Examples.Shipped.Shipments![0].Id)
            .Takes(new ReasonBody("no trace of it for three weeks"))
            .Replies(200, "The order as it is now.", Examples.Paid, CommonHeaders.ETag, CommonHeaders.Position)
            .Refuses(ProblemTypes.ParcelNotLosable);
        orders.MapPost("/{id}/return", ReturnOrder.Handle)
            .Describe("Take an order back or a part of it", "Pieces came back and are on the shelf again. Without `lines` all of a "
                + "delivered order; with them also before the last parcel is there. The order is returned when its last piece is. Money "
                + "goes back by a refund of its own.")
            .Takes(new ReturnOrder.Request([new LinePieces(1, 2)], "too bright"))
            .Replies(200, "The order as it is now.", Examples.Returned, CommonHeaders.ETag, CommonHeaders.Position)
            .Refuses(ProblemTypes.UnusableReference, ProblemTypes.OrderTooLarge);
        orders.MapPost("/{id}/fail", FailOrder.Handle)
            .Describe("Give an order up", "It cannot be carried out. Its pieces go back to stock.")
            .Takes(new ReasonBody("the payment was refused"))
            .Replies(200, "The order as it is now.", Examples.Failed, CommonHeaders.ETag, CommonHeaders.Position);
    }
}

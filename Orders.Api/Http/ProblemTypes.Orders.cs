using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>What an order, or a change of one, can be refused for beyond its fields.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType NotForCustomers = new(403, "not_for_customers", "This is the shop's to do",
        "The change is the shop's, and the key is bound to a customer. Nothing was changed.",
        "Use a key of the shop.",
        "a key that is bound to a customer cannot ship orders");

    public static readonly ProblemType Contended = new(409, "contended", "Other changes came first",
        "Other changes of the same thing kept winning. Nothing was changed.",
        "Send the request again, after reading what it changes if the change depends on its state.",
        "order ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 kept changing; nothing was done, try again");

    public static readonly ProblemType ExternalIdTaken = new(409, "external_id_taken", "The external id is taken",
        "Another order has this external_id: most likely the order was placed already. Nothing was changed.",
        "Find the order that has it, or send another id.",
        "external_id: there is an order 'web-1042'", new FieldError("external_id", "another order has it"));

    public static readonly ProblemType IllegalMove = new(409, "illegal_move", "The order's state does not allow this",
        "The order cannot go from the status it has to the one that was asked for. Nothing was changed.",
        "Read the order: its status says which moves are left.",
        "order ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 is shipped and cannot become cancelled");

    public static readonly ProblemType NotEditable = new(409, "not_editable", "The order can no longer be edited",
        "Lines and address are settled once an order is paid. Nothing was changed.",
        "Cancel the order and place another one, or take pieces back when they have arrived.",
        "order ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 is paid; lines and address are settled once it is paid");

    public static readonly ProblemType NotPaid = new(409, "not_paid", "The order was not paid",
        "There is no payment that could be refunded. Nothing was changed.",
        "Read the order: payment is absent until it is paid.",
        "order ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 has no payment that could be refunded");

    public static readonly ProblemType OutOfStock = new(409, "out_of_stock", "Not enough pieces in stock",
        "A product has fewer pieces than the order asks for. Nothing was taken and nothing was changed.",
        "Order fewer pieces, another product, or later.",
        "items[0].product_id: there is not enough of product 'pro-1'", new FieldError("items[0].product_id", "not enough of 'pro-1'"));

    public static readonly ProblemType PartlyShipped = new(409, "partly_shipped", "Part of the order is on its way",
        "Some pieces have left already, so the order cannot be cancelled or failed as a whole. Nothing was changed.",
        "Cancel by `items` the pieces that have not left, and take the others back when they have arrived.",
        "order ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 is partly shipped: cancel the rest by items, and return what has arrived");

    public static readonly ProblemType ParcelNotLosable = new(409, "parcel_not_losable", "The parcel cannot be given up",
        "The order has arrived, pieces of the parcel came back, or it was given up before. Nothing was changed.",
        "Read the order: lost_at says which parcels are lost.",
        "shipment shp-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 of order ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 is lost already");

    public static readonly ProblemType RefundExceedsPayment = new(409, "refund_exceeds_payment", "More than what is left of the payment",
        "The refunds of an order together never exceed its payment. Nothing was refunded.",
        "Refund at most what the problem names, or leave amount out to refund all of it.",
        "amount: 12.50 EUR of order ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 can still be refunded",
        new FieldError("amount", "must be at most 12.50"));

    public static readonly ProblemType VersionMismatch = new(412, "version_mismatch", "The order has changed",
        "The order has another version than If-Match names: somebody changed it since it was read. Nothing was changed.",
        "Read the order again, decide again, and send its ETag.",
        "If-Match: order ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 has version 3 by now, \"v3\"",
        new FieldError("If-Match", "the order's ETag is \"v3\""));

    public static readonly ProblemType IdempotencyKeyReused = new(422, "idempotency_key_reused", "The key was used for another request",
        "The Idempotency-Key came before with another method, path or body. Nothing was done.",
        "Use a new key for a new request; send the same bytes to repeat one.",
        "Idempotency-Key: another request was sent with it; use a new key",
        new FieldError("Idempotency-Key", "was used for another request"));

    public static readonly ProblemType OrderTooLarge = new(422, "order_too_large", "The order would become too large",
        "With this the order would have more refunds, parcels or returns than an order may have, or its event would not fit into a "
            + "message. Nothing was changed.",
        "Put it together: one refund, parcel or return instead of many; shorter texts; several orders instead of one. A full order can "
            + "still be paid, delivered and cancelled.",
        "refunds: an order has at most 1000, this would be 1001",
        new FieldError("refunds", "an order has at most 1000, this would be 1001"));

    public static readonly ProblemType VersionRequired = new(428, "version_required", "If-Match is required",
        "This change could overwrite somebody's work, so it has to say which version it was decided on. Nothing was changed.",
        "Read the order and send its ETag as If-Match.",
        "If-Match: send the ETag of order ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 that the change was decided on",
        new FieldError("If-Match", "is required"));

    public static readonly ProblemType OutcomeUnknown = new(500, "outcome_unknown", "The database broke off while storing the order",
        "The database went away during the commit, so the order may or may not have been stored.",
        "Ask for the order by the id in detail before sending it again, or send it again with the same Idempotency-Key.",
        "it may or may not have been stored: ask for /v1/orders/ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00 before sending it again");

    public static readonly ProblemType SearchUnavailable = new(503, "search_unavailable", "Search is not available",
        "The search engine is away or still empty. Reading and placing orders work.",
        "Send the search again after a few seconds.",
        "the search engine does not answer; reading and placing orders work");
}

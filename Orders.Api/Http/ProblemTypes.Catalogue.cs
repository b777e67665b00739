using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>What products, customers, addresses and their imports can be refused for, beyond their fields.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType IdTaken = new(409, "id_taken", "The id is taken",
        "Another product, customer or address has this id. Nothing was changed.",
        "Choose another id, leave it out, or change the one that is there with PATCH.",
        "id: there is a product 'pro-1'", new FieldError("id", "another product has it"));

    public static readonly ProblemType SkuTaken = new(409, "sku_taken", "The sku is taken",
        "Another product has this sku. Nothing was changed.",
        "Choose another sku, or change the product that has it.",
        "sku: another product has 'LAMP-1'", new FieldError("sku", "another product has it"));

    public static readonly ProblemType ProductChanged = new(412, "product_changed", "The product has changed",
        "The product is not what If-Match names: somebody changed it since it was read, or took pieces that the request would put back. "
            + "Nothing was changed.",
        "Read the product again, decide again, and send its ETag.",
        "If-Match: the product is at \"3.10\"; read it again", new FieldError("If-Match", "the product is at \"3.10\""));

    public static readonly ProblemType StockUnknown = new(500, "stock_unknown", "The database broke off while changing the stock",
        "The database went away before it answered, so the stock may or may not have been changed.",
        "Send the request again with the same Idempotency-Key; without one, read the product first.",
        "the stock may or may not have been changed: send the request again with the same Idempotency-Key");

    public static readonly ProblemType ImportInterrupted = new(500, "import_interrupted", "The database broke off during the import",
        "The database went away in the middle of a stream. What was stored before stays; the last batch may or may not be.",
        "Send the stream again, whole or from the line after the one in detail: both end in the same rows.",
        "lines up to 4000 are settled: 3998 accepted, 2 rejected; send the stream again from the line after it or as a whole");
}

using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>What a product can be refused for, beyond its fields.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType IdTaken = new(409, "id_taken", "The id is taken",
        "Another product has this id. Nothing was changed.",
        "Choose another id, leave it out, or replace the product with PUT.",
        "id: there is a product 'pro-1'", new FieldError("id", "another product has it"));

    public static readonly ProblemType SkuTaken = new(409, "sku_taken", "The sku is taken",
        "Another product has this sku. Nothing was changed.",
        "Choose another sku, or change the product that has it.",
        "sku: another product has 'LAMP-1'", new FieldError("sku", "another product has it"));
}

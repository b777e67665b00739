namespace Orders.Tests.Access;

/// <summary>What a route asks of its callers.</summary>
/// <param name="Method">GET, POST ...</param>
/// <param name="Path">As it is mapped, with its placeholders.</param>
/// <param name="Scope">The scope; null: any valid key.</param>
internal sealed record RouteRule(string Method, string Path, string? Scope)
{
    /// <summary>The scope that is enough for a key that is bound to a customer; null: the same as for any other.</summary>
    public string? Bound { get; init; }

    /// <summary>Whether a key that is bound to a customer may come by here at all.</summary>
    public bool ForCustomers => !Anonymous && !Unbound && ((Bound ?? Scope) is null or RouteTable.Read or RouteTable.Write);

    /// <summary>Open to everybody.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Not for keys that are bound to a customer.</summary>
    public bool Unbound { get; init; }

    /// <summary>What a customer may see and not do: the owner's bound key gets 403, everybody else's 404.</summary>
    public bool ForTheShop { get; init; }

    /// <summary>A body that the route would accept for the owner; $product is one.</summary>
    public string Body { get; init; } = "{}";

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>
/// Every route of the API and who may use it. A route that is not here fails a test; whoever adds one says here what it asks for.
/// </summary>
internal static class RouteTable
{
    public const string Read = "orders:read";
    public const string Write = "orders:write";
    private const string Catalog = "catalog:write";
    private const string Admin = "admin";

    public static readonly IReadOnlyList<RouteRule> All =
    [
        new("GET", "/health", null) { Anonymous = true },
        new("GET", "/alive", null) { Anonymous = true },
        new("GET", "/openapi/v1.json", null) { Anonymous = true },
        new("GET", "/docs", null) { Anonymous = true },
        new("GET", "/order_docs", null) { Anonymous = true },
        new("GET", "/problems", null) { Anonymous = true },
        new("GET", "/problems/{code}", null) { Anonymous = true },
        new("GET", "/v1/health", null) { Anonymous = true },
        new("GET", "/v1/stats", null) { Unbound = true },
        new("GET", "/v1/freshness", Read) { Unbound = true },
        new("GET", "/v1/schemas", null) { Anonymous = true },
        new("GET", "/v1/schemas/{name}/{version}", null) { Anonymous = true },

        new("POST", "/v1/orders", Write),
        new("POST", "/v1/orders/quote", Read),
        new("GET", "/v1/orders", Read),
        new("GET", "/v1/orders/search", Read),
        new("GET", "/v1/orders/export", Read),
        new("POST", "/v1/orders/import", Write) { Unbound = true },
        new("GET", "/v1/orders/changes", Read),
        new("GET", "/v1/orders/stream", Read),
        new("GET", "/v1/orders/{id}", Read),
        new("GET", "/v1/orders/{id}/history", Read),
        new("GET", "/v1/orders/{id}/explain", Read) { ForTheShop = true },
        new("POST", "/v1/orders/{id}/heal", Write) { ForTheShop = true },
        new("PATCH", "/v1/orders/{id}", Write) { Body = """{"items":[{"product_id":"$product","quantity":2}]}""" },
        new("POST", "/v1/orders/{id}/confirm", Write) { ForTheShop = true },
        new("POST", "/v1/orders/{id}/pay", Write) { Body = """{"method":"card","amount":19.99}""", ForTheShop = true },
        new("POST", "/v1/orders/{id}/ship", Write) { Body = """{"carrier":"SEUR"}""", ForTheShop = true },
        new("POST", "/v1/orders/{id}/deliver", Write) { ForTheShop = true },
        new("POST", "/v1/orders/{id}/cancel", Write) { Body = """{"reason":"not mine"}""" },
        new("POST", "/v1/orders/{id}/return", Write) { ForTheShop = true },
        new("POST", "/v1/orders/{id}/fail", Write) { ForTheShop = true },
        new("POST", "/v1/orders/{id}/shipments/{shipment}/lost", Write) { ForTheShop = true },
        new("POST", "/v1/orders/{id}/refunds", Write) { ForTheShop = true },
        new("GET", "/v1/orders/{id}/refunds", Read),
        new("GET", "/v1/orders/{id}/refunds/{refund}", Read),

        new("GET", "/v1/orders/requests/{id}", Read),

        new("POST", "/v1/discounts", Catalog) { Unbound = true },
        new("GET", "/v1/discounts", Catalog) { Unbound = true },
        new("GET", "/v1/discounts/{code}", Catalog) { Unbound = true },
        new("PUT", "/v1/discounts/{code}", Catalog) { Unbound = true },
        new("DELETE", "/v1/discounts/{code}", Catalog) { Unbound = true },

        new("GET", "/v1/customers", Read),
        new("POST", "/v1/customers", Write) { Unbound = true },
        new("POST", "/v1/customers/import", Catalog),
        new("GET", "/v1/customers/{id}", Read),
        new("PATCH", "/v1/customers/{id}", Write) { Body = """{"first_name":"Eve"}""" },
        new("DELETE", "/v1/customers/{id}", Write) { ForTheShop = true },
        new("GET", "/v1/customers/{id}/addresses", Read),
        new("GET", "/v1/addresses", Read),
        new("POST", "/v1/addresses", Write),
        new("POST", "/v1/addresses/import", Catalog),
        new("GET", "/v1/addresses/{id}", Read),
        new("PATCH", "/v1/addresses/{id}", Write) { Body = """{"road":"Calle de Eve"}""" },
        new("DELETE", "/v1/addresses/{id}", Write),

        new("POST", "/v1/products", Catalog),
        new("POST", "/v1/products/import", Catalog),
        new("GET", "/v1/products", null),
        new("GET", "/v1/products/{id}", null),
        new("PUT", "/v1/products/{id}", Catalog),
        new("PATCH", "/v1/products/{id}", Catalog),
        new("DELETE", "/v1/products/{id}", Catalog),
        new("POST", "/v1/products/{id}/stock", Catalog) { Body = """{"change":1}""" },

        new("GET", "/v1/analytics/orders", Read),
        new("GET", "/v1/catalog", Read) { Unbound = true },

        new("POST", "/v1/keys", Admin),
        new("GET", "/v1/keys", Admin),
        new("GET", "/v1/keys/{id}", Admin),
        new("PATCH", "/v1/keys/{id}", Admin),
        new("DELETE", "/v1/keys/{id}", Admin),
        new("POST", "/v1/keys/{id}/rotate", Admin),

        new("POST", "/v1/admin/search/rebuild", Admin),
        new("POST", "/v1/admin/search/window", Admin),
        new("POST", "/v1/admin/analytics/rebuild", Admin),
        new("POST", "/v1/admin/archive/verify", Admin),
        new("POST", "/v1/admin/verify", Admin),
        new("POST", "/v1/admin/replay", Admin),
        new("GET", "/v1/admin/jobs", Admin),
        new("GET", "/v1/admin/jobs/{id}", Admin),
        new("POST", "/v1/admin/jobs/{id}/cancel", Admin),
        new("GET", "/v1/admin/dead-letters", Admin),
        new("GET", "/v1/admin/dead-letters/{id}", Admin),
        new("POST", "/v1/admin/dead-letters/{id}/retry", Admin),
        new("POST", "/v1/admin/dead-letters/{id}/discard", Admin),
        new("POST", "/v1/admin/dead-letters/retry", Admin) { Body = """{"reason":"nobody's"}""" },

        new("GET", "/v1/admin/set-aside-events", Admin),
        new("GET", "/v1/admin/set-aside-events/{id}", Admin),
        new("POST", "/v1/admin/set-aside-events/{id}/retry", Admin),
        new("POST", "/v1/admin/set-aside-events/{id}/discard", Admin),

        new("POST", "/v1/webhooks", Admin) { Bound = Read },
        new("GET", "/v1/webhooks", Admin) { Bound = Read },
        new("GET", "/v1/webhooks/{id}", Admin) { Bound = Read },
        new("PATCH", "/v1/webhooks/{id}", Admin) { Bound = Read, Body = """{"active":false}""" },
        new("DELETE", "/v1/webhooks/{id}", Admin) { Bound = Read },
        new("POST", "/v1/webhooks/{id}/rotate-secret", Admin) { Bound = Read },
        new("POST", "/v1/webhooks/{id}/test", Admin) { Bound = Read },
        new("POST", "/v1/webhooks/{id}/replay", Admin) { Bound = Read, Body = """{"after":"2026-01-01T00:00:00Z"}""" },
        new("GET", "/v1/webhooks/{id}/deliveries", Admin) { Bound = Read },
        new("GET", "/v1/webhooks/{id}/deliveries/{deliveryId}", Admin) { Bound = Read },
        new("POST", "/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver", Admin) { Bound = Read },
    ];

    public static RouteRule Of(string route) => All.Single(rule => rule.ToString() == route);

    /// <summary>Theory data: the routes for which <paramref name="which"/> holds, by name.</summary>
    public static TheoryData<string> Where(Func<RouteRule, bool> which) => [.. All.Where(which).Select(rule => rule.ToString())];
}

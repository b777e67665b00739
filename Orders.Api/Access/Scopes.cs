namespace Orders.Api.Access;

/// <summary>What a key may do. A scope is granted key by key and named by every endpoint that needs it.</summary>
internal static class Scopes
{
    public const string OrdersRead = "orders:read";
    public const string OrdersWrite = "orders:write";
    public const string CatalogWrite = "catalog:write";
    public const string Admin = "admin";

    public static readonly IReadOnlyList<string> All = [OrdersRead, OrdersWrite, CatalogWrite, Admin];
}

/// <summary>The scope that an endpoint asks for; null: any valid key will do.</summary>
internal sealed record RequiredScope(string? Scope);

internal static class ScopeExtensions
{
    /// <summary>Lets only keys with <paramref name="scope"/> through. On an endpoint it overrides the group's.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, string? scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new RequiredScope(scope));
}

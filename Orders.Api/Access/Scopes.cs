namespace Orders.Api.Access;

/// <summary>What a key may do. A scope is granted key by key and named by every endpoint that needs it.</summary>
internal static class Scopes
{
    public const string OrdersRead = "orders:read";
    public const string OrdersWrite = "orders:write";
    public const string CatalogWrite = "catalog:write";

    /// <summary>Everything, the administration of keys included.</summary>
    public const string Admin = "admin";

    public static readonly IReadOnlyList<string> All = [OrdersRead, OrdersWrite, CatalogWrite, Admin];

    /// <summary>What a key that is bound to a customer can have: the rest is about more than one customer.</summary>
    public static readonly IReadOnlyList<string> OfBoundKeys = [OrdersRead, OrdersWrite];

    /// <summary>The scopes as one number; <see cref="Admin"/> implies the others.</summary>
    public static Grants ToGrants(IEnumerable<string> scopes) =>
        scopes.Aggregate(Grants.None, (grants, scope) => grants | scope switch
        {
            OrdersRead => Grants.OrdersRead,
            OrdersWrite => Grants.OrdersWrite,
            CatalogWrite => Grants.CatalogWrite,
            Admin => Grants.All,
            _ => throw new ArgumentOutOfRangeException(nameof(scopes), scope, "is no scope"),
        });
}

/// <summary>Scopes as bits, so that asking for one costs nothing.</summary>
[Flags]
internal enum Grants
{
    None = 0,
    OrdersRead = 1,
    OrdersWrite = 2,
    CatalogWrite = 4,
    Admin = 8,
    All = OrdersRead | OrdersWrite | CatalogWrite | Admin,
}

/// <summary>What an endpoint asks of a key.</summary>
/// <param name="Scope">The scope; null: any valid key will do.</param>
/// <param name="Unbound">Only keys that are not bound to a customer: the reply is about all of them.</param>
/// <param name="Bound">The scope that is enough for a key that is bound to a customer; null: it needs the same as any other.</param>
internal sealed record RequiredScope(string? Scope, bool Unbound = false, string? Bound = null)
{
    private readonly Grants _needs = ToGrants(Scope);
    private readonly Grants _boundNeeds = ToGrants(Bound ?? Scope);

    /// <summary>What a key needs.</summary>
    public Grants Needs(bool isBound) => isBound ? _boundNeeds : _needs;

    /// <summary>The scope that such a key lacks.</summary>
    public string? Named(bool isBound) => isBound ? Bound ?? Scope : Scope;

    private static Grants ToGrants(string? scope) => scope is null ? Grants.None : Scopes.ToGrants([scope]);
}

internal static class ScopeExtensions
{
    /// <summary>
    /// Lets only keys with <paramref name="scope"/> through. On an endpoint it overrides the group's. An endpoint that says
    /// neither this nor <c>AllowAnonymous</c> is for <see cref="Scopes.Admin"/> alone.
    /// </summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, string? scope, bool unbound = false, string? bound = null)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new RequiredScope(scope, unbound, bound));
}

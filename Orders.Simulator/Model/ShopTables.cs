using Orders.Simulator.Tables;

namespace Orders.Simulator.Model;

/// <summary>Where an order can go and who pays for it: one address of one active customer.</summary>
internal readonly record struct Destination(string CustomerId, string AddressId);

/// <summary>What orders are drawn from. Whoever or whatever must not occur in an order is not in here.</summary>
internal sealed record ShopTables(IReadOnlyList<Destination> Destinations, IReadOnlyList<string> ProductIds)
{
    /// <summary>Category of each product, in the order of <see cref="ProductIds"/>; empty when nobody asked for them.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    public bool CanOrder => Destinations.Count > 0 && ProductIds.Count > 0;

    public static ShopTables From(IEnumerable<Customer> customers, IEnumerable<Address> addresses, IEnumerable<Product> products)
    {
        var active = customers.Where(customer => customer.Status == CustomerStatus.Active).Select(customer => customer.ClientId)
            .ToHashSet(StringComparer.Ordinal);
        return new ShopTables(
            [.. addresses.Where(address => active.Contains(address.ClientId)).Select(a => new Destination(a.ClientId, a.AddressId))],
            [.. products.Where(product => product.Active).Select(product => product.Id)]);
    }
}

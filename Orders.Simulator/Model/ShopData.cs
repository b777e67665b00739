using Orders.Simulator.Tables;

namespace Orders.Simulator.Model;

/// <summary>The rows behind <see cref="ShopTables"/>, at the same places: for orders that are made whole here.</summary>
internal sealed class ShopData
{
    private ShopData(ShopTables tables, Customer[] customers, Address[] addresses, Product[] products) =>
        (Tables, Customers, Addresses, Products) = (tables, customers, addresses, products);

    public ShopTables Tables { get; }

    /// <summary>The customer of each destination.</summary>
    public IReadOnlyList<Customer> Customers { get; }

    /// <summary>The address of each destination.</summary>
    public IReadOnlyList<Address> Addresses { get; }

    public IReadOnlyList<Product> Products { get; }

    /// <summary>Active customers with an address, and products that are sold in that currency.</summary>
    public static ShopData From(SimulatedTables tables, string currency)
    {
        var active = tables.Customers.Where(customer => customer.Status == CustomerStatus.Active)
            .ToDictionary(customer => customer.ClientId, StringComparer.Ordinal);
        Address[] addresses = [.. tables.Addresses.Where(address => active.ContainsKey(address.ClientId))];
        Product[] products = [.. tables.Products.Where(product => product.Active && product.Currency == currency)];
        var shop = new ShopTables(
            [.. addresses.Select(address => new Destination(address.ClientId, address.AddressId))],
            [.. products.Select(product => product.Id)])
        {
            Categories = [.. products.Select(product => product.Category)],
        };
        return new ShopData(shop, [.. addresses.Select(address => active[address.ClientId])], addresses, products);
    }
}

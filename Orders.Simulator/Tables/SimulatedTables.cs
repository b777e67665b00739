namespace Orders.Simulator.Tables;

/// <summary>
/// The three generated tables. A function of (seed, sizes) alone: no clock, no culture, no order of evaluation.
/// </summary>
internal sealed record SimulatedTables(
    IReadOnlyList<Customer> Customers,
    IReadOnlyList<Address> Addresses,
    IReadOnlyList<Product> Products)
{
    /// <summary>"Today" of the tables: ages and dates of creation count from here, so that they do not move with the calendar.</summary>
    public static readonly DateOnly ReferenceDate = new(2026, 1, 1);

    public static SimulatedTables Generate(int seed, int customers, int addresses, int products)
    {
        var people = CustomerGenerator.Generate(seed, customers);
        return new SimulatedTables(people, AddressGenerator.Generate(seed, people, addresses), ProductGenerator.Generate(seed, products));
    }
}

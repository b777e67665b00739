using Orders.Simulator.Tables;

namespace Orders.Simulator.Model;

/// <summary>
/// How the order service has always been simulated: an address is drawn uniformly and its customer comes with it, so who
/// has two addresses orders twice as often; 1 to 5 lines and quantities of 1 to 3, n with weight 1/n; products uniformly
/// and with replacement.
/// A product that is drawn twice stands on two lines. Merging them would bend the distributions of lines and quantities, and
/// an order with a repeated product is a case that everything downstream has to get right.
/// </summary>
internal sealed class OrderModel(ShopTables tables)
{
    public const int LinesMax = 5;
    public const int QuantityMax = 3;

    private static readonly Weighted<int> LineCounts = Weighted.OneOverN(LinesMax);
    private static readonly Weighted<int> Quantities = Weighted.OneOverN(QuantityMax);
    private static readonly Weighted<string> Channels = new([("web", 0.6), ("app", 0.3), ("store", 0.1)]);

    public ShopTables Tables => tables;

    /// <summary>A function of the tables and of what <paramref name="random"/> yields; nothing else.</summary>
    public PlaceOrderRequest Next(SeededRandom random)
    {
        var destination = random.Pick(tables.Destinations);
        var channel = Channels.Draw(random);
        var lines = new PlaceOrderLine[LineCounts.Draw(random)];
        for (var i = 0; i < lines.Length; i++) lines[i] = new PlaceOrderLine(random.Pick(tables.ProductIds), Quantities.Draw(random));
        return new PlaceOrderRequest(destination.CustomerId, destination.AddressId, channel, lines);
    }
}

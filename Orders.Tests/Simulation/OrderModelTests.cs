using Orders.Simulator.Model;
using Orders.Simulator.Tables;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class OrderModelTests
{
    private const int Sample = 100_000;

    private static readonly SimulatedTables Tables = SimulatedTables.Generate(42, 1000, 1200, 300);
    private static readonly ShopTables Shop = ShopTables.From(Tables.Customers, Tables.Addresses, Tables.Products);
    private static readonly IReadOnlyList<OrderIntent> Intents = Draw(42, "test");

    [Fact]
    public void Lines_are_1_to_5_with_weight_1_over_n() => Statistics.AssertShares(
        Intents.Select(intent => intent.Request.Items.Count), OneOverN(5));

    [Fact]
    public void Quantities_are_1_to_3_with_weight_1_over_n() => Statistics.AssertShares(
        Intents.SelectMany(intent => intent.Request.Items).Select(line => line.Quantity), OneOverN(3));

    [Fact]
    public void Channels_have_their_shares() => Statistics.AssertShares(
        Intents.Select(intent => intent.Request.Channel),
        new Dictionary<string, double> { ["web"] = 0.6, ["app"] = 0.3, ["store"] = 0.1 });

    [Fact]
    public void Every_address_of_an_active_customer_is_equally_likely() => Statistics.AssertShares(
        Intents.Select(intent => new Destination(intent.Request.CustomerId, intent.Request.AddressId)),
        Shop.Destinations.ToDictionary(destination => destination, _ => 1.0));

    [Fact]
    public void Every_active_product_is_equally_likely() => Statistics.AssertShares(
        Intents.SelectMany(intent => intent.Request.Items).Select(line => line.ProductId),
        Tables.Products.Where(product => product.Active).ToDictionary(product => product.Id, _ => 1.0));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Who_is_not_active_never_orders(int seed)
    {
        var tables = SimulatedTables.Generate(seed, 200, 400, 20);
        var model = new OrderModel(ShopTables.From(tables.Customers, tables.Addresses, tables.Products));
        var status = tables.Customers.ToDictionary(customer => customer.ClientId, customer => customer.Status);
        var home = tables.Addresses.ToDictionary(address => address.AddressId, address => address.ClientId);

        var random = new SeededRandom((ulong)seed);
        Assert.All(Enumerable.Range(0, 20_000).Select(_ => model.Next(random)), order =>
        {
            Assert.Equal("active", status[order.CustomerId]);
            Assert.Equal(order.CustomerId, home[order.AddressId]);
        });
        Assert.Contains("suspended", status.Values);
        Assert.Contains("inactive", status.Values);
    }

    [Fact]
    public void A_product_drawn_twice_stands_on_two_lines()
    {
        var model = new OrderModel(new ShopTables([new Destination("cus-1", "add-1")], ["pro-1"]));
        var random = new SeededRandom(7);

        var order = Enumerable.Range(0, 100).Select(_ => model.Next(random)).First(drawn => drawn.Items.Count == 3);

        Assert.Equal(["pro-1", "pro-1", "pro-1"], order.Items.Select(line => line.ProductId));
    }

    [Fact]
    public void An_intent_is_a_function_of_seed_run_and_number()
    {
        var again = new OrderIntents(42, "test", 0.05).At(4711, new OrderModel(Shop));

        Assert.Equivalent(Intents[4711], again, strict: true);
    }

    [Fact]
    public void No_two_intents_share_a_key_not_even_those_of_another_run()
    {
        var keys = Intents.Concat(Draw(42, "another run")).Select(intent => intent.IdempotencyKey).ToList();
        Assert.Equal(2 * Sample, keys.Distinct().Count());
    }

    [Fact]
    public void A_small_share_of_customers_has_second_thoughts()
    {
        Statistics.AssertShares(
            Intents.Select(intent => intent.CancelAfter is not null),
            new Dictionary<bool, double> { [true] = 0.05, [false] = 0.95 });
        Assert.All(Intents.Where(intent => intent.CancelAfter is not null), intent => Assert.InRange(intent.CancelAfter!.Value, 0.5, 1.5));
    }

    private static Dictionary<int, double> OneOverN(int max) => Enumerable.Range(1, max).ToDictionary(n => n, n => 1.0 / n);

    private static List<OrderIntent> Draw(int seed, string run)
    {
        var (intents, model) = (new OrderIntents(seed, run, 0.05), new OrderModel(Shop));
        return [.. Enumerable.Range(0, Sample).Select(number => intents.At(number, model))];
    }
}

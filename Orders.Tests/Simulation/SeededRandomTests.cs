using Orders.Simulator.Tables;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class SeededRandomTests
{
    [Fact]
    public void The_numbers_are_those_of_SplitMix64()
    {
        // Reference values of the published algorithm for the state 1234567.
        var random = new SeededRandom(1234567);

        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => random.NextBits()).ToArray());
    }

    [Fact]
    public void Every_value_of_a_range_is_equally_likely()
    {
        var random = new SeededRandom(7);
        Statistics.AssertShares(
            Enumerable.Range(0, 100_000).Select(_ => random.Between(-3, 6)),
            Enumerable.Range(-3, 10).ToDictionary(value => value, _ => 1.0));
    }

    [Fact]
    public void A_uuid_has_version_4_and_the_standard_variant()
    {
        var random = new SeededRandom(7);
        Assert.All(Enumerable.Range(0, 1000).Select(_ => random.Uuid().ToString()), text =>
        {
            Assert.Equal('4', text[14]);
            Assert.Contains(text[19], "89ab");
        });
    }

    [Fact]
    public void Rows_seeds_and_names_each_have_numbers_of_their_own()
    {
        (int Seed, string Name, long Row)[] keys =
            [(42, "customers", 0), (42, "customers", 1), (42, "customers", 1L << 40), (42, "products", 0), (43, "customers", 0)];
        Assert.Distinct(keys.Select(key => new RandomStream(key.Seed, key.Name).At(key.Row).NextBits()));
    }
}

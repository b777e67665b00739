using Orders.Simulator.Tables;
using Orders.Simulator.Tables.Madrid;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class OutlineTests
{
    // An L: the upper right quarter of the square is missing.
    private static readonly Outline Corner = new((0, 0), (0, 20), (10, 20), (10, 10), (20, 10), (20, 0));

    [Theory]
    [InlineData(5, 5, true)]
    [InlineData(5, 15, true)]
    [InlineData(15, 5, true)]
    [InlineData(15, 15, false)]
    [InlineData(-1, 5, false)]
    [InlineData(5, 21, false)]
    public void A_point_is_inside_or_not(int latitude, int longitude, bool inside) =>
        Assert.Equal(inside, Corner.Contains(new MapPoint(latitude * 1000, longitude * 1000)));

    [Fact]
    public void Points_are_spread_evenly_over_the_area()
    {
        var random = new SeededRandom(7);
        var quarters = Enumerable.Range(0, 30_000).Select(_ => Corner.PointInside(random))
            .Select(point => (Upper: point.LatitudeSteps >= 10_000, Right: point.LongitudeSteps >= 10_000));
        Statistics.AssertShares(quarters,
            new Dictionary<(bool, bool), double> { [(false, false)] = 1, [(false, true)] = 1, [(true, false)] = 1 });
    }
}

using System.Globalization;

namespace Orders.Simulator.Tables.Madrid;

/// <summary>A place on the map in steps of 10^-7 degrees (about a centimetre), so that the text and the number are the same.</summary>
internal readonly record struct MapPoint(int LatitudeSteps, int LongitudeSteps)
{
    public const int StepsPerDegree = 10_000_000;

    public double Latitude => (double)LatitudeSteps / StepsPerDegree;

    public double Longitude => (double)LongitudeSteps / StepsPerDegree;

    public string LatitudeText => Text(LatitudeSteps);

    public string LongitudeText => Text(LongitudeSteps);

    private static string Text(int steps) => ((decimal)steps / StepsPerDegree).ToString("0.#######", CultureInfo.InvariantCulture);
}

/// <summary>
/// A polygon without holes or crossings. Corners are whole steps and the tests for "inside" are exact integer arithmetic:
/// no rounding can put a point on one side here and on the other there.
/// </summary>
internal sealed class Outline
{
    private readonly MapPoint[] _corners;
    private readonly MapPoint _southWest;
    private readonly MapPoint _northEast;

    /// <param name="corners">Latitude and longitude of each corner, in 10^-4 degrees (about 11 m), in either sense of rotation.</param>
    public Outline(params ReadOnlySpan<(int Latitude, int Longitude)> corners)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(corners.Length, 3);
        _corners = new MapPoint[corners.Length];
        for (var i = 0; i < corners.Length; i++) _corners[i] = new MapPoint(corners[i].Latitude * 1000, corners[i].Longitude * 1000);
        _southWest = new MapPoint(_corners.Min(c => c.LatitudeSteps), _corners.Min(c => c.LongitudeSteps));
        _northEast = new MapPoint(_corners.Max(c => c.LatitudeSteps), _corners.Max(c => c.LongitudeSteps));
    }

    /// <summary>Uniform over the area: points of the bounding box are drawn until one lies inside (two draws on average).</summary>
    public MapPoint PointInside(SeededRandom random)
    {
        while (true)
        {
            var point = new MapPoint(
                random.Between(_southWest.LatitudeSteps, _northEast.LatitudeSteps),
                random.Between(_southWest.LongitudeSteps, _northEast.LongitudeSteps));
            if (Contains(point)) return point;
        }
    }

    /// <summary>Even-odd rule: a ray towards the east crosses the outline an odd number of times.</summary>
    public bool Contains(MapPoint point)
    {
        var inside = false;
        for (int i = 0, j = _corners.Length - 1; i < _corners.Length; j = i++)
        {
            var (a, b) = (_corners[i], _corners[j]);
            if (a.LatitudeSteps > point.LatitudeSteps == b.LatitudeSteps > point.LatitudeSteps) continue;
            var rise = (long)b.LatitudeSteps - a.LatitudeSteps;
            var side = ((long)point.LongitudeSteps - a.LongitudeSteps) * rise
                - ((long)point.LatitudeSteps - a.LatitudeSteps) * ((long)b.LongitudeSteps - a.LongitudeSteps);
            if (rise > 0 ? side < 0 : side > 0) inside = !inside;
        }

        return inside;
    }
}

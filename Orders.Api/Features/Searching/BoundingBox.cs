using System.Globalization;
using Orders.Api.Http;

namespace Orders.Api.Features.Searching;

/// <summary>
/// An area between two meridians and two parallels, in WGS 84 degrees, edges included, as in OGC API Features:
/// <c>west,south,east,north</c>. One whose west lies east of its east goes over the antimeridian.
/// </summary>
internal readonly record struct BoundingBox(decimal West, decimal South, decimal East, decimal North)
{
    public const string Example = "-3.72,40.40,-3.66,40.44";

    private const decimal LongitudeMax = 180;
    private const decimal LatitudeMax = 90;

    /// <summary>The filter that finds what lies in it. Numbers only: nothing of what the caller wrote.</summary>
    public string Filter => string.Create(
        CultureInfo.InvariantCulture,
        $"lat >= {South} AND lat <= {North} AND (lon >= {West} {(West <= East ? "AND" : "OR")} lon <= {East})");

    /// <summary>Null when there is none, or with the reason in <paramref name="check"/>.</summary>
    public static BoundingBox? Parse(string field, string? text, Check check)
    {
        if (text is null) return null;
        var numbers = text.Split(',').Select(Degrees).ToArray();
        if (numbers is not [{ } west, { } south, { } east, { } north])
        {
            check.Fail(field, $"must be four numbers, west,south,east,north, such as {Example}");
            return null;
        }

        if (Math.Max(Math.Abs(west), Math.Abs(east)) > LongitudeMax || Math.Max(Math.Abs(south), Math.Abs(north)) > LatitudeMax)
            check.Fail(field, "must have longitudes between -180 and 180 and latitudes between -90 and 90");
        else if (south > north)
            check.Fail(field, "must have its south below its north; the order is west,south,east,north");
        return new BoundingBox(west, south, east, north);
    }

    private static decimal? Degrees(string text)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var degrees) ? degrees : null;
    }
}

using System.Globalization;
using Orders.Simulator.Tables.Madrid;

namespace Orders.Simulator.Tables;

/// <summary>
/// Addresses in Madrid. Every customer has one, as far as the rows reach; the rows beyond that are second homes, offices and
/// parents of customers drawn at random. The district is drawn by its population, the point uniformly inside its outline.
/// </summary>
internal static class AddressGenerator
{
    private const double NoNumberShare = 0.03;

    private static readonly Weighted<Area> Areas = new(MadridAreas.All.Select(area => (area, (double)area.Population)));

    public static IReadOnlyList<Address> Generate(int seed, IReadOnlyList<Customer> customers, int count)
    {
        var stream = new RandomStream(seed, "addresses");
        var addresses = new List<Address>(count);
        for (var row = 0; row < count; row++)
        {
            var random = stream.At(row);
            // Drawn for every row, used or not: a row's other fields must not depend on the number of customers.
            var drawn = random.Unit();
            var owner = row < customers.Count ? row : (int)(drawn * customers.Count);
            addresses.Add(One(random, customers[owner].ClientId));
        }

        return addresses;
    }

    private static Address One(SeededRandom random, string clientId)
    {
        var id = "add-" + random.Uuid();
        var area = Areas.Draw(random);
        var point = area.Outline.PointInside(random);
        return new Address(
            ClientId: clientId,
            AddressId: id,
            Neighborhood: area.District.Replace("-", " - ", StringComparison.Ordinal),
            Coordinates: [point.Latitude, point.Longitude],
            Road: random.Pick(area.Roads),
            HouseNumber: HouseNumber(random),
            Suburb: random.Pick(area.Suburbs),
            CityDistrict: area.District,
            State: "Comunidad de Madrid",
            Postcode: random.Pick(area.Postcodes),
            Country: "España",
            Lat: point.LatitudeText,
            Lon: point.LongitudeText);
    }

    /// <summary>Low numbers are commoner than high ones; some addresses have none, as in the schema's own sample.</summary>
    private static string HouseNumber(SeededRandom random) =>
        random.Chance(NoNumberShare) ? "" : random.Between(1, random.Between(12, 180)).ToString(CultureInfo.InvariantCulture);
}

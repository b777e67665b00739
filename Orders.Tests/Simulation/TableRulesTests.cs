using System.Globalization;
using Orders.Simulator.Tables;
using Orders.Simulator.Tables.Catalogue;
using Orders.Simulator.Tables.Madrid;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class TableRulesTests
{
    private static readonly SimulatedTables Tables = SimulatedTables.Generate(7, 20_000, 24_000, 5_000);

    [Fact]
    public void Statuses_have_their_shares() => Statistics.AssertShares(
        Tables.Customers.Select(customer => customer.Status),
        new Dictionary<string, double> { ["active"] = 0.85, ["inactive"] = 0.10, ["suspended"] = 0.05 });

    [Fact]
    public void Ages_are_18_to_90_and_equally_likely()
    {
        var today = SimulatedTables.ReferenceDate;
        var ages = Tables.Customers.Select(customer => customer.DateOfBirth!.Value)
            .Select(born => today.Year - born.Year - (born.AddYears(today.Year - born.Year) > today ? 1 : 0));
        Statistics.AssertShares(ages, Enumerable.Range(18, 73).ToDictionary(age => age, _ => 1.0));
    }

    [Fact]
    public void Nobody_was_a_customer_before_being_of_age_or_after_the_reference_date() => Assert.All(Tables.Customers, customer =>
    {
        Assert.InRange(customer.CreatedAt!.Value, customer.DateOfBirth!.Value.AddYears(18), SimulatedTables.ReferenceDate);
        Assert.InRange(customer.UpdatedAt!.Value, customer.CreatedAt!.Value, SimulatedTables.ReferenceDate);
    });

    [Fact]
    public void Ids_mail_addresses_and_skus_are_unique()
    {
        Assert.Distinct(Tables.Customers.Select(customer => customer.ClientId).ToList());
        Assert.Distinct(Tables.Customers.Select(customer => customer.Email).ToList());
        Assert.Distinct(Tables.Addresses.Select(address => address.AddressId).ToList());
        Assert.Distinct(Tables.Products.Select(product => product.Id).ToList());
        Assert.Distinct(Tables.Products.Select(product => product.Sku).ToList());
        Assert.Distinct(Tables.Products.Select(product => product.Name).ToList());
    }

    [Fact]
    public void Customers_can_be_reached_by_nobody_real() => Assert.All(Tables.Customers, customer =>
    {
        Assert.Matches(@"^[a-z]+\.[a-z]+\d*@(correo\.example|buzon\.example|example\.com|example\.org)$", customer.Email);
        Assert.Matches(@"^\+34(6\d{8}|7[1-4]\d{7}|91\d{7})$", customer.PhoneNumber);
    });

    [Fact]
    public void Occupations_follow_the_gender()
    {
        Assert.Contains(Tables.Customers, customer => customer is { Gender: "Female", Occupation: "Enfermera" });
        Assert.DoesNotContain(Tables.Customers, customer => customer is { Gender: "Male", Occupation: "Enfermera" });
    }

    [Fact]
    public void Districts_are_drawn_by_population()
    {
        Assert.Equal(21, MadridAreas.All.DistinctBy(area => area.District).Count());
        Statistics.AssertShares(
            Tables.Addresses.Select(address => address.CityDistrict!),
            MadridAreas.All.GroupBy(area => area.District)
                .ToDictionary(district => district.Key, district => (double)district.Sum(area => area.Population)));
    }

    [Fact]
    public void Every_point_lies_inside_its_district_and_in_no_other() => Assert.All(Tables.Addresses, address =>
    {
        var point = new MapPoint(Steps(address.Lat!), Steps(address.Lon!));
        var around = MadridAreas.All.Where(area => area.Outline.Contains(point)).Select(area => area.District);
        Assert.Equal([address.CityDistrict!], around);
    });

    [Fact]
    public void Text_and_number_of_a_coordinate_are_the_same() => Assert.All(Tables.Addresses, address =>
        Assert.Equal([Degrees(address.Lat!), Degrees(address.Lon!)], address.Coordinates!));

    [Fact]
    public void Street_suburb_and_postcode_belong_to_the_district() => Assert.All(Tables.Addresses, address =>
        Assert.Contains(MadridAreas.All, area => area.District == address.CityDistrict && area.Roads.Contains(address.Road)
            && area.Suburbs.Contains(address.Suburb) && area.Postcodes.Contains(address.Postcode)));

    [Fact]
    public void Every_customer_has_an_address() =>
        Assert.Equal(Tables.Customers.Count, Tables.Addresses.Select(address => address.ClientId).Distinct().Count());

    [Fact]
    public void Prices_have_two_decimals_and_weights_three() => Assert.All(Tables.Products, product =>
    {
        Assert.Equal((2, 3), (product.Price.Scale, product.Weight.Scale));
        Assert.True(product is { Price: > 0, Weight: > 0, Stock: >= 0, Currency: "EUR" }, product.ToString());
    });

    [Fact]
    public void Prices_and_weights_lie_in_the_range_of_the_kind_and_small_ones_are_commoner()
    {
        var places = Tables.Products.Select(product =>
        {
            var kind = Shelves.All.Single(category => category.Name == product.Category).Kinds
                .Single(kind => product.Name.Contains($" {kind.Name}, ", StringComparison.Ordinal));
            // The ending of a price, such as .99, comes on top of the whole euros.
            Assert.InRange(product.Price, kind.EurosMin, kind.EurosMax + 0.99m);
            Assert.InRange(product.Weight, kind.GramsMin / 1000m, kind.GramsMax / 1000m);
            return (product.Price - kind.EurosMin) / (kind.EurosMax + 1 - kind.EurosMin);
        }).ToList();
        // The mean of the smaller of two uniform draws is a third.
        Assert.InRange(places.Average(), 0.31m, 0.37m);
    }

    [Fact]
    public void Some_products_are_sold_out_and_some_no_longer_sold()
    {
        Statistics.AssertShares(
            Tables.Products.Select(product => product.Stock == 0), new Dictionary<bool, double> { [true] = 0.04, [false] = 0.96 });
        Statistics.AssertShares(
            Tables.Products.Select(product => product.Active), new Dictionary<bool, double> { [true] = 0.95, [false] = 0.05 });
    }

    [Fact]
    public void Every_kind_of_article_has_room_between_its_limits() =>
        Assert.All(Shelves.All.SelectMany(category => category.Kinds), kind =>
            Assert.True(kind.EurosMin < kind.EurosMax && kind.GramsMin < kind.GramsMax, kind.Name));

    private static double Degrees(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int Steps(string degrees) => (int)(decimal.Parse(degrees, CultureInfo.InvariantCulture) * MapPoint.StepsPerDegree);
}

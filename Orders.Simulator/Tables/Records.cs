namespace Orders.Simulator.Tables;

/// <summary>
/// A row of the customers table, in the field order of the schema that the project was born with. Generated rows have every
/// field; those of other people may lack what can be null here.
/// </summary>
internal sealed record Customer(
    string ClientId,
    string FirstName,
    string LastName,
    string Email,
    string PhoneNumber,
    DateOnly? DateOfBirth,
    string? Gender,
    string? Occupation,
    DateOnly? CreatedAt,
    DateOnly? UpdatedAt,
    string Status);

/// <summary>
/// A row of the addresses table. <see cref="Coordinates"/> is [latitude, longitude] in WGS 84 degrees; <see cref="Lat"/>
/// and <see cref="Lon"/> are the same point as text, which is what the schema has.
/// </summary>
internal sealed record Address(
    string ClientId,
    string AddressId,
    string? Neighborhood,
    IReadOnlyList<double>? Coordinates,
    string? Road,
    string? HouseNumber,
    string? Suburb,
    string? CityDistrict,
    string? State,
    string? Postcode,
    string? Country,
    string? Lat,
    string? Lon);

/// <summary>
/// A row of the products table. Price: gross, two decimals; weight: kilograms, three decimals. Without a stock a product that is
/// there keeps its own.
/// </summary>
internal sealed record Product(
    string Id,
    string Sku,
    string Name,
    string Description,
    string Category,
    string Manufacturer,
    decimal Price,
    string Currency,
    decimal Weight,
    int? Stock,
    bool Active);

internal static class CustomerStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
    public const string Suspended = "suspended";
}

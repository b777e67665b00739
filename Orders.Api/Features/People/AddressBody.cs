using System.ComponentModel.DataAnnotations;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.People;

/// <summary>An address as callers send it; the fields of the import schema. The id may be left out when one is created.</summary>
internal sealed record AddressBody(
    [Required, StringLength(64)] string? ClientId, [StringLength(64, MinimumLength = 1)] string? AddressId,
    [StringLength(200)] string? Neighborhood, [Length(2, 2)] double[]? Coordinates, [StringLength(200)] string? Road,
    [StringLength(200)] string? HouseNumber, [StringLength(200)] string? Suburb, [StringLength(200)] string? CityDistrict,
    [StringLength(200)] string? State, [StringLength(200)] string? Postcode, [StringLength(200)] string? Country,
    [StringLength(200)] string? Lat, [StringLength(200)] string? Lon)
{
    public static readonly AddressBody Example = new(
        Examples.CustomerId, Examples.AddressId, "Fuencarral - El Pardo", [40.616839, -3.6257757], "Calle Abedul", "4", "Ciudalcampo",
        "Fuencarral-El Pardo", "Comunidad de Madrid", "28707", "España", "40.616839", "-3.6257757");

    public const string IdPrefix = "add-";

    /// <summary>What a merge patch may remove.</summary>
    public static readonly IReadOnlyCollection<string> Removable =
    [
        "neighborhood", "coordinates", "road", "house_number", "suburb", "city_district", "state", "postcode", "country", "lat", "lon",
    ];

    public static AddressBody Of(Address address) => new(
        address.ClientId, address.AddressId, address.Neighborhood, address.Coordinates, address.Road, address.HouseNumber,
        address.Suburb, address.CityDistrict, address.State, address.Postcode, address.Country, address.Lat, address.Lon);

    public void Validate(Check check, string at = "")
    {
        check.Text(at + "client_id", ClientId, max: 64);
        if (AddressId is not null) check.Text(at + "address_id", AddressId, max: 64);
        (string Field, string? Value)[] optional =
        [
            ("neighborhood", Neighborhood), ("road", Road), ("house_number", HouseNumber), ("suburb", Suburb),
            ("city_district", CityDistrict), ("state", State), ("postcode", Postcode), ("country", Country), ("lat", Lat), ("lon", Lon),
        ];
        foreach (var (field, value) in optional)
        {
            if (value is not null) check.Text(at + field, value, required: false);
        }

        if (Coordinates is { } point && (point.Length != 2 || Math.Abs(point[0]) > 90 || Math.Abs(point[1]) > 180))
            check.Fail(at + "coordinates", "must be [latitude, longitude]");
    }

    public Address ToAddress(string id) => new()
    {
        ClientId = ClientId!,
        AddressId = id,
        Neighborhood = Neighborhood,
        Coordinates = Coordinates,
        Road = Road,
        HouseNumber = HouseNumber,
        Suburb = Suburb,
        CityDistrict = CityDistrict,
        State = State,
        Postcode = Postcode,
        Country = Country,
        Lat = Lat,
        Lon = Lon,
    };
}

/// <summary>An address's merge patch as the documentation shows it.</summary>
internal sealed record AddressPatch(
    [StringLength(64, MinimumLength = 1)] string? ClientId, [StringLength(64, MinimumLength = 1)] string? AddressId,
    [StringLength(200)] string? Neighborhood, [Length(2, 2)] double[]? Coordinates, [StringLength(200)] string? Road,
    [StringLength(200)] string? HouseNumber, [StringLength(200)] string? Suburb, [StringLength(200)] string? CityDistrict,
    [StringLength(200)] string? State, [StringLength(200)] string? Postcode, [StringLength(200)] string? Country,
    [StringLength(200)] string? Lat, [StringLength(200)] string? Lon)
{
    public static readonly AddressPatch Example = new(
        null, null, null, null, "Calle Mayor", "7", null, null, null, "28013", null, null, null);
}

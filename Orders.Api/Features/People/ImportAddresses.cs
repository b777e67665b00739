using System.ComponentModel.DataAnnotations;
using Npgsql;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Imports;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary>
/// <c>POST /v1/addresses/import</c>: a JSON array of addresses, upserted by address_id. All or nothing; an address whose
/// customer is not there is refused.
/// </summary>
internal static class ImportAddresses
{
    private const string Upsert = """
        insert into addresses select * from json_populate_recordset(null::addresses, @rows)
        on conflict (address_id) do update set
            client_id = excluded.client_id, neighborhood = excluded.neighborhood, coordinates = excluded.coordinates,
            road = excluded.road, house_number = excluded.house_number, suburb = excluded.suburb,
            city_district = excluded.city_district, state = excluded.state, postcode = excluded.postcode,
            country = excluded.country, lat = excluded.lat, lon = excluded.lon
        """;

    public static readonly Body Example = new(
        Examples.CustomerId, Examples.AddressId, "Fuencarral - El Pardo", [40.616839, -3.6257757], "Calle Abedul", "4", "Ciudalcampo",
        "Fuencarral-El Pardo", "Comunidad de Madrid", "28707", "España", "40.616839", "-3.6257757");

    public sealed record Body(
        [Required, StringLength(64)] string? ClientId, [Required, StringLength(64)] string? AddressId,
        [StringLength(200)] string? Neighborhood, [Length(2, 2)] double[]? Coordinates, [StringLength(200)] string? Road,
        [StringLength(200)] string? HouseNumber, [StringLength(200)] string? Suburb, [StringLength(200)] string? CityDistrict,
        [StringLength(200)] string? State, [StringLength(200)] string? Postcode, [StringLength(200)] string? Country,
        [StringLength(200)] string? Lat, [StringLength(200)] string? Lon);

    public static async Task<IResult> Handle(JsonBody<List<Body?>> body, OrdersDbContext db, CancellationToken cancel)
    {
        var check = ArrayImport.Validate(body.Value, Validate, address => address.AddressId);
        if (check.Failed) return check.Problem;
        return await db.StoreAsync(Upsert, body.Value, UnknownCustomer, cancel);
    }

    private static void Validate(Body address, Check check, string at)
    {
        check.Text(at + "client_id", address.ClientId, max: 64);
        check.Text(at + "address_id", address.AddressId, max: 64);
        Optional("neighborhood", address.Neighborhood);
        Optional("road", address.Road);
        Optional("house_number", address.HouseNumber);
        Optional("suburb", address.Suburb);
        Optional("city_district", address.CityDistrict);
        Optional("state", address.State);
        Optional("postcode", address.Postcode);
        Optional("country", address.Country);
        Optional("lat", address.Lat);
        Optional("lon", address.Lon);
        if (address.Coordinates is { } point && (point.Length != 2 || Math.Abs(point[0]) > 90 || Math.Abs(point[1]) > 180))
            check.Fail(at + "coordinates", "must be [latitude, longitude]");

        void Optional(string field, string? value)
        {
            if (value is not null) check.Text(at + field, value, required: false);
        }
    }

    private static IResult? UnknownCustomer(PostgresException error) => error.ConstraintName == "addresses_customer"
        ? new OrderError.Unusable("client_id", error.Detail ?? "there is no such customer").ToProblem()
        : null;
}

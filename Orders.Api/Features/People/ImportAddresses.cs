using Npgsql;
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

    public sealed record Body(
        string? ClientId, string? AddressId, string? Neighborhood, double[]? Coordinates, string? Road, string? HouseNumber,
        string? Suburb, string? CityDistrict, string? State, string? Postcode, string? Country, string? Lat, string? Lon);

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

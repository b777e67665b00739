using Orders.Api.Domain;
using Orders.Api.Features.Imports;
using Orders.Api.Http;

namespace Orders.Api.Features.People;

/// <summary>
/// <c>POST /v1/addresses/import</c>: addresses, upserted by address_id, as an array (all or none) or a stream (each by itself). A record
/// replaces the whole address; one whose customer is not there is refused.
/// </summary>
internal static class ImportAddresses
{
    private const string Columns =
        """
        client_id, address_id, neighborhood, coordinates, road, house_number, suburb, city_district, state, postcode, country, lat, lon
        """;

    private const string Upsert = $"""
        with records as materialized (
            select r.*, r.ordinality::int - 1 as place from json_populate_recordset(null::addresses, @records) with ordinality as r
        ),
        refused as materialized (
            select place from records r where not exists (select from customers c where c.client_id = r.client_id)
        ),
        stored as (
            insert into addresses as a ({Columns})
            select {Columns} from records r
            where not exists (select from refused where @all_or_none or refused.place = r.place) order by address_id
            on conflict (address_id) do update set
                client_id = excluded.client_id, neighborhood = excluded.neighborhood, coordinates = excluded.coordinates,
                road = excluded.road, house_number = excluded.house_number, suburb = excluded.suburb,
                city_district = excluded.city_district, state = excluded.state, postcode = excluded.postcode,
                country = excluded.country, lat = excluded.lat, lon = excluded.lon
            where a is distinct from excluded
        )
        select place as "Value" from refused
        """;

    private static readonly ImportTable<AddressBody> Table = new()
    {
        Sql = Upsert,
        Validate = Validate,
        Key = address => address.AddressId,
        Refusal = new FieldError("client_id", "there is no such customer"),
        RefusalType = ProblemTypes.UnusableReference,
        RaceConstraint = "addresses_customer",
    };

    public static Task<IResult> Handle(HttpContext context, Importer importer, CancellationToken cancel) =>
        importer.RunAsync(context, Table, cancel);

    private static void Validate(AddressBody address, Check check, string at)
    {
        if (address.AddressId is null) check.Fail(at + "address_id", "is required");
        address.Validate(check, at);
    }
}

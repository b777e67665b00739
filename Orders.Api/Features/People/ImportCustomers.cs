using Orders.Api.Features.Imports;
using Orders.Api.Http;

namespace Orders.Api.Features.People;

/// <summary>
/// <c>POST /v1/customers/import</c>: customers, upserted by client_id, as an array (all or none) or a stream (each by itself). A record
/// replaces the whole customer.
/// </summary>
internal static class ImportCustomers
{
    private const string Columns =
        """
        client_id, first_name, last_name, email, phone_number, date_of_birth, gender, occupation, created_at, updated_at, status
        """;

    private const string Upsert = $"""
        with stored as (
            insert into customers as c ({Columns})
            select {Columns} from json_populate_recordset(null::customers, @records) order by client_id
            on conflict (client_id) do update set
                first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
                phone_number = excluded.phone_number, date_of_birth = excluded.date_of_birth, gender = excluded.gender,
                occupation = excluded.occupation, created_at = excluded.created_at, updated_at = excluded.updated_at,
                status = excluded.status
            where c is distinct from excluded
        )
        select 0 as "Value" where false
        """;

    private static readonly ImportTable<CustomerBody> Table = new()
    {
        Sql = Upsert,
        Validate = Validate,
        Key = customer => customer.ClientId,
    };

    public static Task<IResult> Handle(HttpContext context, Importer importer, CancellationToken cancel) =>
        importer.RunAsync(context, Table, cancel);

    private static void Validate(CustomerBody customer, Check check, string at)
    {
        if (customer.ClientId is null) check.Fail(at + "client_id", "is required");
        customer.Validate(check, at);
    }
}

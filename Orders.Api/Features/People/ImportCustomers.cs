using System.ComponentModel.DataAnnotations;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Imports;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary><c>POST /v1/customers/import</c>: a JSON array of customers, upserted by client_id. All or nothing.</summary>
internal static class ImportCustomers
{
    private const string Upsert = """
        insert into customers select * from json_populate_recordset(null::customers, @rows)
        on conflict (client_id) do update set
            first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
            phone_number = excluded.phone_number, date_of_birth = excluded.date_of_birth, gender = excluded.gender,
            occupation = excluded.occupation, created_at = excluded.created_at, updated_at = excluded.updated_at,
            status = excluded.status
        """;

    public static readonly Body Example = new(
        Examples.CustomerId, "Kike", "Rios", "kike.rios@example.com", "+34882004486", new DateOnly(1940, 10, 12), "Male",
        "Reparador de bicicletas", new DateOnly(2022, 6, 28), new DateOnly(2023, 10, 21), Customer.Active);

    public sealed record Body(
        [Required, StringLength(64)] string? ClientId, [Required, StringLength(200)] string? FirstName,
        [Required, StringLength(200)] string? LastName, [Required, StringLength(320)] string? Email,
        [Required, StringLength(32)] string? PhoneNumber, DateOnly? DateOfBirth, [StringLength(32)] string? Gender,
        [StringLength(200)] string? Occupation, DateOnly? CreatedAt, DateOnly? UpdatedAt,
        [Required, AllowedValues(Customer.Active, Customer.Inactive, Customer.Suspended)] string? Status);

    public static async Task<IResult> Handle(JsonBody<List<Body?>> body, OrdersDbContext db, CancellationToken cancel)
    {
        var check = ArrayImport.Validate(body.Value, Validate, customer => customer.ClientId);
        if (check.Failed) return check.Problem;
        return await db.StoreAsync(Upsert, body.Value, ArrayImport.NoRefusal, cancel);
    }

    private static void Validate(Body customer, Check check, string at)
    {
        check.Text(at + "client_id", customer.ClientId, max: 64);
        check.Text(at + "first_name", customer.FirstName);
        check.Text(at + "last_name", customer.LastName);
        check.Text(at + "email", customer.Email, max: 320);
        check.Text(at + "phone_number", customer.PhoneNumber, max: 32);
        if (customer.Gender is not null) check.Text(at + "gender", customer.Gender, max: 32, required: false);
        if (customer.Occupation is not null) check.Text(at + "occupation", customer.Occupation, required: false);
        check.OneOf(at + "status", customer.Status, Customer.Statuses);
    }
}

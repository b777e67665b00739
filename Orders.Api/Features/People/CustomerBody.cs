using System.ComponentModel.DataAnnotations;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.People;

/// <summary>A customer as callers send it; the fields of the import schema. The id may be left out when one is created.</summary>
internal sealed record CustomerBody(
    [StringLength(64, MinimumLength = 1)] string? ClientId, [Required, StringLength(200)] string? FirstName,
    [Required, StringLength(200)] string? LastName, [Required, StringLength(320)] string? Email,
    [Required, StringLength(32)] string? PhoneNumber, DateOnly? DateOfBirth, [StringLength(32)] string? Gender,
    [StringLength(200)] string? Occupation, DateOnly? CreatedAt, DateOnly? UpdatedAt,
    [Required, AllowedValues(Customer.Active, Customer.Inactive, Customer.Suspended)] string? Status)
{
    public static readonly CustomerBody Example = new(
        Examples.CustomerId, "Kike", "Rios", "kike.rios@example.com", "+34882004486", new DateOnly(1940, 10, 12), "Male",
        "Reparador de bicicletas", new DateOnly(2022, 6, 28), new DateOnly(2023, 10, 21), Customer.Active);

    public const string IdPrefix = "cus-";

    /// <summary>What a merge patch may remove.</summary>
    public static readonly IReadOnlyCollection<string> Removable =
        ["date_of_birth", "gender", "occupation", "created_at", "updated_at"];

    public static CustomerBody Of(Customer customer) => new(
        customer.ClientId, customer.FirstName, customer.LastName, customer.Email, customer.PhoneNumber, customer.DateOfBirth,
        customer.Gender, customer.Occupation, customer.CreatedAt, customer.UpdatedAt, customer.Status);

    public void Validate(Check check, string at = "")
    {
        if (ClientId is not null) check.Text(at + "client_id", ClientId, max: 64);
        check.Text(at + "first_name", FirstName);
        check.Text(at + "last_name", LastName);
        check.Text(at + "email", Email, max: 320);
        check.Text(at + "phone_number", PhoneNumber, max: 32);
        if (Gender is not null) check.Text(at + "gender", Gender, max: 32, required: false);
        if (Occupation is not null) check.Text(at + "occupation", Occupation, required: false);
        check.OneOf(at + "status", Status, Customer.Statuses);
    }

    public Customer ToCustomer(string id) => new()
    {
        ClientId = id,
        FirstName = FirstName!,
        LastName = LastName!,
        Email = Email!,
        PhoneNumber = PhoneNumber!,
        DateOfBirth = DateOfBirth,
        Gender = Gender,
        Occupation = Occupation,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        Status = Status!,
    };
}

/// <summary>A customer's merge patch as the documentation shows it.</summary>
internal sealed record CustomerPatch(
    [StringLength(64, MinimumLength = 1)] string? ClientId, [StringLength(200, MinimumLength = 1)] string? FirstName,
    [StringLength(200, MinimumLength = 1)] string? LastName, [StringLength(320, MinimumLength = 1)] string? Email,
    [StringLength(32, MinimumLength = 1)] string? PhoneNumber, DateOnly? DateOfBirth, [StringLength(32)] string? Gender,
    [StringLength(200)] string? Occupation, DateOnly? CreatedAt, DateOnly? UpdatedAt,
    [AllowedValues(Customer.Active, Customer.Inactive, Customer.Suspended)] string? Status)
{
    public static readonly CustomerPatch Example = new(
        null, null, null, "kike@example.com", null, null, null, null, null, null, Customer.Inactive);
}

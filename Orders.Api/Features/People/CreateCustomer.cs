using Orders.Api.Domain;
using Orders.Api.Features.Catalogue;
using Orders.Api.Http;
using Orders.Api.Idempotency;

namespace Orders.Api.Features.People;

/// <summary><c>POST /v1/customers</c>: adds a customer; both dates are today's when they are left out. 409 when the id is taken.</summary>
internal static class CreateCustomer
{
    public static async Task<IResult> Handle(
        JsonBody<CustomerBody> body, IdempotentRequest request, NewRows rows, TimeProvider time, CancellationToken cancel)
    {
        var check = new Check();
        body.Value.Validate(check);
        if (check.Failed) return check.Problem;

        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var dated = body.Value with { CreatedAt = body.Value.CreatedAt ?? today, UpdatedAt = body.Value.UpdatedAt ?? today };
        var customer = dated.ToCustomer(dated.ClientId ?? OrderIds.NewId(CustomerBody.IdPrefix, now));
        return await rows.CreateAsync(
            customer, $"/v1/customers/{Uri.EscapeDataString(customer.ClientId)}", null, "customers_pkey", request,
            constraint => constraint == "customers_pkey" ? PeopleExtensions.IdTaken("client_id", customer.ClientId) : null, cancel);
    }
}

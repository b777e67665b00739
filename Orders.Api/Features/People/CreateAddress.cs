using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Features.Catalogue;
using Orders.Api.Http;
using Orders.Api.Idempotency;

namespace Orders.Api.Features.People;

/// <summary>
/// <c>POST /v1/addresses</c>: adds an address to a customer that is there. 409 when the id is taken. A bound caller adds to itself alone
/// and takes the id that it is given: which ids others have is not its business.
/// </summary>
internal static class CreateAddress
{
    public static async Task<IResult> Handle(
        JsonBody<AddressBody> body, Caller caller, IdempotentRequest request, NewRows rows, TimeProvider time, CancellationToken cancel)
    {
        var check = new Check();
        body.Value.Validate(check);
        if (caller.CustomerId is not null && body.Value.AddressId is not null)
            check.Fail("address_id", "is not chosen by a key that is bound to a customer");
        if (check.Failed) return check.Problem;
        if (!caller.MaySee(body.Value.ClientId!)) return PeopleExtensions.UnknownCustomer();

        var address = body.Value.ToAddress(body.Value.AddressId ?? OrderIds.NewId(AddressBody.IdPrefix, time.GetUtcNow()));
        return await rows.CreateAsync(
            address, $"/v1/addresses/{Uri.EscapeDataString(address.AddressId)}", null, "addresses_pkey", request,
            constraint => constraint switch
            {
                "addresses_pkey" => PeopleExtensions.IdTaken("address_id", address.AddressId),
                "addresses_customer" => PeopleExtensions.UnknownCustomer(),
                _ => null,
            }, cancel);
    }
}

using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary>
/// <c>PATCH /v1/addresses/{id}</c>: a JSON merge patch. An address stays its customer's. Orders that were placed keep what they copied.
/// </summary>
internal static class PatchAddress
{
    public static async Task<IResult> Handle(
        string id, MergePatch<AddressPatch> patch, Caller caller, OrdersDbContext db, CancellationToken cancel)
    {
        if (id.Contains('\0')) return PeopleExtensions.NoAddress(id);
        return await db.EditAsync<Address, IResult>(
            $"select * from addresses where address_id = {id} for no key update",
            (address, _) =>
            {
                if (!caller.MaySee(address.ClientId)) return PeopleExtensions.NoAddress(id);
                var check = new Check();
                var wanted = patch.Apply(AddressBody.Of(address), AddressBody.Removable, check);
                wanted?.Validate(check);
                if (wanted is not null && wanted.AddressId != id) check.Fail("address_id", "must be the id in the path");
                if (wanted is not null && wanted.ClientId != address.ClientId)
                    check.Fail("client_id", "cannot be changed: an address stays its customer's");
                if (check.Failed) return check.Problem;

                db.Entry(address).CurrentValues.SetValues(wanted!.ToAddress(id));
                return TypedResults.Ok(address);
            },
            () => PeopleExtensions.NoAddress(id), cancel);
    }
}

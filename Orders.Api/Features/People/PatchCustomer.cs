using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.People;

/// <summary>
/// <c>PATCH /v1/customers/{id}</c>: a JSON merge patch; <c>updated_at</c> becomes today when something changes and the patch does not say
/// otherwise. Orders that were placed keep what they copied. A bound caller may not change the status: a suspended customer would lift
/// the suspension.
/// </summary>
internal static class PatchCustomer
{
    public static async Task<IResult> Handle(
        string id, MergePatch<CustomerPatch> patch, Caller caller, OrdersDbContext db, TimeProvider time, CancellationToken cancel)
    {
        if (id.Contains('\0') || !caller.MaySee(id)) return PeopleExtensions.NoCustomer(id);
        if (caller.CustomerId is not null && patch.Names("status")) return new OrderError.NotForCustomers("change its status").ToProblem();

        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return await db.EditAsync<Customer, IResult>(
            $"select * from customers where client_id = {id} for no key update",
            (customer, _) =>
            {
                var check = new Check();
                var current = CustomerBody.Of(customer);
                var wanted = patch.Apply(current, CustomerBody.Removable, check);
                wanted?.Validate(check);
                if (wanted is not null && wanted.ClientId != id) check.Fail("client_id", "must be the id in the path");
                if (check.Failed) return check.Problem;

                if (wanted != current && !patch.Names("updated_at")) wanted = wanted! with { UpdatedAt = today };
                db.Entry(customer).CurrentValues.SetValues(wanted!.ToCustomer(id));
                return TypedResults.Ok(customer);
            },
            () => PeopleExtensions.NoCustomer(id), cancel);
    }
}

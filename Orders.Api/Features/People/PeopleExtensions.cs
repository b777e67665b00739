using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.People;

internal static class PeopleExtensions
{
    public static void MapPeople(this WebApplication app)
    {
        var customers = app.MapGroup("/v1/customers").WithTags("Customers").RequireScope(Scopes.OrdersRead);
        customers.MapGet("", ListCustomers.Handle);
        customers.MapPost("/import", ImportCustomers.Handle).RequireScope(Scopes.CatalogWrite);
        customers.MapGet("/{id}", GetCustomer.Handle);
        customers.MapGet("/{id}/addresses", ListCustomerAddresses.Handle);

        var addresses = app.MapGroup("/v1/addresses").WithTags("Customers").RequireScope(Scopes.OrdersRead);
        addresses.MapGet("", ListAddresses.Handle);
        addresses.MapPost("/import", ImportAddresses.Handle).RequireScope(Scopes.CatalogWrite);
    }

    public static IResult NoCustomer(string id) => new OrderError.NotFound("customer", id).ToProblem();
}

using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.People;

internal static class PeopleExtensions
{
    public static void MapPeople(this WebApplication app)
    {
        var customers = app.MapGroup("/v1/customers").WithTags("Customers").RequireScope(Scopes.CatalogWrite);
        customers.MapGet("", ListCustomers.Handle).RequireScope(Scopes.OrdersRead);
        customers.MapPost("/import", ImportCustomers.Handle);
        customers.MapGet("/{id}", GetCustomer.Handle).RequireScope(Scopes.OrdersRead);
        customers.MapGet("/{id}/addresses", ListCustomerAddresses.Handle).RequireScope(Scopes.OrdersRead);

        var addresses = app.MapGroup("/v1/addresses").WithTags("Customers").RequireScope(Scopes.CatalogWrite);
        addresses.MapGet("", ListAddresses.Handle).RequireScope(Scopes.OrdersRead);
        addresses.MapPost("/import", ImportAddresses.Handle);
    }

    public static IResult NoCustomer(string id) => new OrderError.NotFound("customer", id).ToProblem();
}

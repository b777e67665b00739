using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Imports;
using Orders.Api.Http;

namespace Orders.Api.Features.People;

internal static class PeopleExtensions
{
    public static void MapPeople(this WebApplication app)
    {
        var customers = app.MapGroup("/v1/customers").WithTags("Customers").RequireScope(Scopes.CatalogWrite)
            .Route("id", Values.Text(64), "The customer's id.", Examples.CustomerId);
        customers.MapGet("", ListCustomers.Handle).RequireScope(Scopes.OrdersRead)
            .Describe("List customers", "By id, page by page.")
            .Paged()
            .Query("status", Values.OneOf(Customer.Statuses), "Customers in this state only.", Customer.Active)
            .Replies(200, "One page.", new Page<Customer>([Examples.Customer], Examples.Cursor));
        customers.MapPost("/import", ImportCustomers.Handle)
            .Describe("Import customers", $"1 to {ApiLimits.ImportRecordsMax} records, upserted by `client_id`; all of them or none.")
            .Takes((ImportCustomers.Body[])[ImportCustomers.Example])
            .Replies(200, "How many were stored.", new ArrayImport.Reply(1));
        customers.MapGet("/{id}", GetCustomer.Handle).RequireScope(Scopes.OrdersRead)
            .Describe("Read a customer", "As it was imported.")
            .Replies(200, "The customer.", Examples.Customer)
            .Refuses(ProblemTypes.NotFound);
        customers.MapGet("/{id}/addresses", ListCustomerAddresses.Handle).RequireScope(Scopes.OrdersRead)
            .Describe("List a customer's addresses", $"By id, at most {ApiLimits.PageSizeMax}.")
            .Replies(200, "The addresses.", new Page<Address>([Examples.Address], null))
            .Refuses(ProblemTypes.NotFound);

        var addresses = app.MapGroup("/v1/addresses").WithTags("Customers").RequireScope(Scopes.CatalogWrite);
        addresses.MapGet("", ListAddresses.Handle).RequireScope(Scopes.OrdersRead)
            .Describe("List addresses", "By id, page by page.")
            .Paged()
            .Replies(200, "One page.", new Page<Address>([Examples.Address], Examples.Cursor));
        addresses.MapPost("/import", ImportAddresses.Handle)
            .Describe("Import addresses", $"1 to {ApiLimits.ImportRecordsMax} records, upserted by `address_id`; all of them or none. "
                + "Each names a customer that exists.")
            .Takes((ImportAddresses.Body[])[ImportAddresses.Example])
            .Replies(200, "How many were stored.", new ArrayImport.Reply(1))
            .Refuses(ProblemTypes.UnusableReference);
    }

    public static IResult NoCustomer(string id) => new OrderError.NotFound("customer", id).ToProblem();
}

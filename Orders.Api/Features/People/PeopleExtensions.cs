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
        var customers = app.MapGroup("/v1/customers").WithTags("Customers").RequireScope(Scopes.OrdersWrite)
            .Route("id", Values.Text(64), "The customer's id.", Examples.CustomerId);
        customers.MapReadingCustomers();
        customers.MapPost("", CreateCustomer.Handle).RequireScope(Scopes.OrdersWrite, unbound: true)
            .Describe("Create a customer", "The id may be left out; both dates are today's when they are.")
            .Takes(CustomerBody.Example)
            .Replies(201, "The customer.", Examples.Customer, CommonHeaders.Location)
            .Refuses(ProblemTypes.IdTaken);
        customers.MapPost("/import", ImportCustomers.Handle).DisableRequestTimeout().RequireScope(Scopes.CatalogWrite)
            .Describe("Import customers", "Upserted by `client_id`: a record replaces the whole customer. " + Importer.Description)
            .Takes((CustomerBody[])[CustomerBody.Example])
            .TakesLines(Importer.Ndjson, Importer.Lines(CustomerBody.Example))
            .Replies(200, "What became of the records.", ImportReport.Example)
            .Refuses(ProblemTypes.ImportInterrupted);
        customers.MapPatch("/{id}", PatchCustomer.Handle)
            .Describe("Change some of a customer", "A JSON merge patch (RFC 7396). `updated_at` becomes today unless the patch says "
                + "otherwise. Orders that were placed keep what they copied.")
            .Takes(CustomerPatch.Example)
            .Replies(200, "The customer as it is now.", Examples.Customer)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.NotForCustomers);
        customers.MapDelete("/{id}", DeleteCustomer.Handle)
            .Describe("Delete a customer", "The customer's addresses go along. Orders that were placed keep what they copied.")
            .Replies(204, "It is gone.")
            .Refuses(ProblemTypes.NotFound, ProblemTypes.NotForCustomers);

        var addresses = app.MapGroup("/v1/addresses").WithTags("Customers").RequireScope(Scopes.OrdersWrite)
            .Route("id", Values.Text(64), "The address's id.", Examples.AddressId);
        addresses.MapAddresses();
    }

    private static void MapReadingCustomers(this RouteGroupBuilder all)
    {
        var customers = all.MapGroup("").RequireScope(Scopes.OrdersRead);
        customers.MapGet("", ListCustomers.Handle)
            .Describe("List customers", "By id, page by page; filters narrow together.")
            .Paged()
            .Query("status", Values.OneOf(Customer.Statuses), "Customers in this state only.", Customer.Active)
            .Query("text", Values.Text(256), "Every word stands in name, e-mail or phone, whatever case and accents.", "kike rios")
            .Replies(200, "One page.", new Page<Customer>([Examples.Customer], Examples.Cursor));
        customers.MapGet("/{id}", GetCustomer.Handle)
            .Describe("Read a customer", "As it is now; orders keep what they copied.")
            .Replies(200, "The customer.", Examples.Customer)
            .Refuses(ProblemTypes.NotFound);
        customers.MapGet("/{id}/addresses", ListCustomerAddresses.Handle)
            .Describe("List a customer's addresses", "By id, page by page.")
            .Paged()
            .Replies(200, "One page.", new Page<Address>([Examples.Address], null))
            .Refuses(ProblemTypes.NotFound);
    }

    private static void MapAddresses(this RouteGroupBuilder addresses)
    {
        addresses.MapGet("", ListAddresses.Handle).RequireScope(Scopes.OrdersRead)
            .Describe("List addresses", "By id, page by page; filters narrow together.")
            .Paged()
            .Query("client_id", Values.Text(64), "Addresses of this customer.", Examples.CustomerId)
            .Query("city_district", Values.Text(200), "Addresses in this district, exactly as it is written.", "Centro")
            .Query("postcode", Values.Text(200), "Addresses with this postcode.", "28013")
            .Replies(200, "One page.", new Page<Address>([Examples.Address], Examples.Cursor));
        addresses.MapGet("/{id}", GetAddress.Handle).RequireScope(Scopes.OrdersRead)
            .Describe("Read an address", "As it is now; orders keep what they copied.")
            .Replies(200, "The address.", Examples.Address)
            .Refuses(ProblemTypes.NotFound);
        addresses.MapPost("", CreateAddress.Handle)
            .Describe("Create an address", "Of a customer that exists. The id may be left out; a bound key has to.")
            .Takes(AddressBody.Example)
            .Replies(201, "The address.", Examples.Address, CommonHeaders.Location)
            .Refuses(ProblemTypes.IdTaken, ProblemTypes.UnusableReference);
        addresses.MapPost("/import", ImportAddresses.Handle).DisableRequestTimeout().RequireScope(Scopes.CatalogWrite)
            .Describe("Import addresses", "Upserted by `address_id`: a record replaces the whole address and names a customer that "
                + "exists. " + Importer.Description)
            .Takes((AddressBody[])[AddressBody.Example])
            .TakesLines(Importer.Ndjson, Importer.Lines(AddressBody.Example))
            .Replies(200, "What became of the records.", ImportReport.Example)
            .Refuses(ProblemTypes.UnusableReference, ProblemTypes.Contended, ProblemTypes.ImportInterrupted);
        addresses.MapPatch("/{id}", PatchAddress.Handle)
            .Describe("Change some of an address", "A JSON merge patch (RFC 7396); an address stays its customer's. Orders that were "
                + "placed keep what they copied.")
            .Takes(AddressPatch.Example)
            .Replies(200, "The address as it is now.", Examples.Address)
            .Refuses(ProblemTypes.NotFound);
        addresses.MapDelete("/{id}", DeleteAddress.Handle)
            .Describe("Delete an address", "Orders that were placed keep what they copied.")
            .Replies(204, "It is gone.")
            .Refuses(ProblemTypes.NotFound);
    }

    public static IResult NoCustomer(string id) => new OrderError.NotFound("customer", id).ToProblem();

    public static IResult NoAddress(string id) => new OrderError.NotFound("address", id).ToProblem();

    /// <summary>The same for a customer that is not there and one that the caller may not see.</summary>
    public static IResult UnknownCustomer() => new OrderError.Unusable("client_id", "there is no such customer").ToProblem();

    public static IResult IdTaken(string field, string id) => Problems.Of(
        ProblemTypes.IdTaken, $"{field}: '{id}' is another's", new FieldError(field, "another record has it"));
}

using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Orders.Simulator.Api;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Files;

/// <summary>A table as files have it.</summary>
/// <param name="Name">Of the table, its file and its path in the API.</param>
/// <param name="Columns">In the order of the schema.</param>
/// <param name="Read">A row from its cells.</param>
/// <param name="Cells">A row's cells as CSV, one per column.</param>
internal sealed record TableSchema<T>(
    string Name, string IdColumn, IReadOnlyList<string> Columns, Func<RowReading, T> Read, Func<T, IReadOnlyList<string?>> Cells,
    Func<T, string> Id, JsonTypeInfo<T> Json, JsonTypeInfo<IReadOnlyList<T>> JsonList);

/// <summary>The three tables: customers and addresses as they have always been, products as the shop needs them.</summary>
internal static class TableSchemas
{
    private const int IdMax = 64;

    private static readonly string[] Statuses = [CustomerStatus.Active, CustomerStatus.Inactive, CustomerStatus.Suspended];

    public static readonly TableSchema<Customer> Customers = new(
        "customers", "client_id",
        [
            "client_id", "first_name", "last_name", "email", "phone_number", "date_of_birth", "gender", "occupation", "created_at",
            "updated_at", "status",
        ],
        row => new Customer(
            row.Text("client_id", IdMax), row.Text("first_name"), row.Text("last_name"), row.Text("email", 320),
            row.Text("phone_number", 32), row.Date("date_of_birth"), row.TextOrNull("gender", 32), row.TextOrNull("occupation"),
            row.Date("created_at"), row.Date("updated_at"), row.OneOf("status", Statuses)),
        customer =>
        [
            customer.ClientId, customer.FirstName, customer.LastName, customer.Email, customer.PhoneNumber, Day(customer.DateOfBirth),
            customer.Gender, customer.Occupation, Day(customer.CreatedAt), Day(customer.UpdatedAt), customer.Status,
        ],
        customer => customer.ClientId, ApiJson.Default.Customer, ApiJson.Default.IReadOnlyListCustomer);

    public static readonly TableSchema<Address> Addresses = new(
        "addresses", "address_id",
        [
            "client_id", "address_id", "neighborhood", "coordinates", "road", "house_number", "suburb", "city_district", "state",
            "postcode", "country", "lat", "lon",
        ],
        row => new Address(
            row.Text("client_id", IdMax), row.Text("address_id", IdMax), row.TextOrNull("neighborhood"), row.Point("coordinates"),
            row.TextOrNull("road"), row.TextOrNull("house_number"), row.TextOrNull("suburb"), row.TextOrNull("city_district"),
            row.TextOrNull("state"), row.TextOrNull("postcode"), row.TextOrNull("country"), row.Degrees("lat", 90),
            row.Degrees("lon", 180)),
        address =>
        [
            address.ClientId, address.AddressId, address.Neighborhood, Point(address.Coordinates), address.Road, address.HouseNumber,
            address.Suburb, address.CityDistrict, address.State, address.Postcode, address.Country, address.Lat, address.Lon,
        ],
        address => address.AddressId, ApiJson.Default.Address, ApiJson.Default.IReadOnlyListAddress);

    public static readonly TableSchema<Product> Products = new(
        "products", "id",
        [
            "id", "sku", "name", "description", "category", "manufacturer", "price", "currency", "weight", "stock", "active",
        ],
        row => new Product(
            row.Text("id", IdMax), row.Text("sku", 64), row.Text("name"), row.TextOrNull("description", 4000) ?? "", row.Text("category"),
            row.TextOrNull("manufacturer") ?? "", row.Number("price", 2, 999_999.99m), row.Currency("currency"),
            row.Number("weight", 3, 10_000m), row.Whole("stock"), row.Flag("active", byDefault: true)),
        product =>
        [
            product.Id, product.Sku, product.Name, product.Description, product.Category, product.Manufacturer,
            product.Price.ToString(CultureInfo.InvariantCulture), product.Currency, product.Weight.ToString(CultureInfo.InvariantCulture),
            product.Stock?.ToString(CultureInfo.InvariantCulture), product.Active ? "true" : "false",
        ],
        product => product.Id, ApiJson.Default.Product, ApiJson.Default.IReadOnlyListProduct);

    private static string? Day(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Point(IReadOnlyList<double>? point) => point is null ? null
        : string.Create(CultureInfo.InvariantCulture, $"[{point[0]},{point[1]}]");
}

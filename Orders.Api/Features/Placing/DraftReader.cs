using Npgsql;
using Orders.Api.Domain;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Placing;

/// <summary>Everything that a new order is decided from, in one round trip: customer, address, products, discount, earlier reply.</summary>
internal sealed class DraftReader(NpgsqlDataSource database)
{
    private const string SelectCustomer =
        "select client_id, first_name, last_name, email, phone_number, status from customers where client_id = $1";

    private const string AddressColumns = """
        select client_id, address_id, neighborhood, coordinates, road, house_number, suburb, city_district, state, postcode, country,
            lat, lon
        from addresses
        """;

    private const string SelectAddress = AddressColumns + " where address_id = $1";

    private const string SelectFirstAddress = AddressColumns + " where client_id = $1 order by address_id limit 1";

    private const string SelectProducts = """
        select id, sku, name, description, category, manufacturer, price, currency, weight, stock, active, created_at, updated_at,
            tax_class
        from products where id = any ($1)
        """;

    private const string SelectDiscount = """
        select code, percent, amount, min_subtotal, starts_at, ends_at, uses_max, uses, active from discounts where code = $1
        """;

    /// <summary>A customer and the first of their addresses by id, for orders that name none, and what the key led to before.</summary>
    public async Task<DraftParts> ReadAsync(string customerId, IdempotentRequest request, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(request.Find());
        batch.BatchCommands.Add(Sql.Command(SelectCustomer, Sql.Text(customerId)));
        batch.BatchCommands.Add(Sql.Command(SelectFirstAddress, Sql.Text(customerId)));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        var earlier = await EarlierReply.ReadAsync(rows, cancel);
        await rows.NextResultAsync(cancel);
        var customer = await rows.ReadAsync(cancel) ? Customer(rows) : null;
        await rows.NextResultAsync(cancel);
        var address = await rows.ReadAsync(cancel) ? Address(rows) : null;
        return new DraftParts(earlier, customer, address, [], null);
    }

    public async Task<DraftParts> ReadAsync(
        string? customerId, string? addressId, string[] productIds, string? discountCode, IdempotentRequest? request,
            CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        var commands = batch.BatchCommands;
        if (request is { HasKey: true }) commands.Add(request.Find());
        if (customerId is not null) commands.Add(Sql.Command(SelectCustomer, Sql.Text(customerId)));
        if (addressId is not null) commands.Add(Sql.Command(SelectAddress, Sql.Text(addressId)));
        if (productIds.Length > 0) commands.Add(Sql.Command(SelectProducts, Sql.Texts(productIds)));
        if (discountCode is not null) commands.Add(Sql.Command(SelectDiscount, Sql.Text(discountCode)));
        if (commands.Count == 0) return new DraftParts(null, null, null, new Dictionary<string, Product>(), null);

        await using var rows = await batch.ExecuteReaderAsync(cancel);
        var parts = new DraftParts(null, null, null, new Dictionary<string, Product>(productIds.Length, StringComparer.Ordinal), null);
        if (request is { HasKey: true }) parts = parts with { Earlier = await NextAsync(await EarlierReply.ReadAsync(rows, cancel)) };
        if (customerId is not null) parts = parts with { Customer = await NextAsync(await rows.ReadAsync(cancel) ? Customer(rows) : null) };
        if (addressId is not null) parts = parts with { Address = await NextAsync(await rows.ReadAsync(cancel) ? Address(rows) : null) };
        if (productIds.Length > 0)
        {
            while (await rows.ReadAsync(cancel)) parts.Products.Add(rows.GetString(0), Product(rows));
            await rows.NextResultAsync(cancel);
        }

        if (discountCode is not null && await rows.ReadAsync(cancel)) parts = parts with { Discount = Discount(rows) };
        return parts;

        async Task<T> NextAsync<T>(T read)
        {
            await rows.NextResultAsync(cancel);
            return read;
        }
    }

    private static Customer Customer(NpgsqlDataReader row) => new()
    {
        ClientId = row.GetString(0), FirstName = row.GetString(1), LastName = row.GetString(2), Email = row.GetString(3),
        PhoneNumber = row.GetString(4), Status = row.GetString(5),
    };

    private static Address Address(NpgsqlDataReader row) => new()
    {
        ClientId = row.GetString(0), AddressId = row.GetString(1), Neighborhood = row.TextOrNull(2),
        Coordinates = row.IsDBNull(3) ? null : row.GetFieldValue<double[]>(3), Road = row.TextOrNull(4), HouseNumber = row.TextOrNull(5),
        Suburb = row.TextOrNull(6), CityDistrict = row.TextOrNull(7), State = row.TextOrNull(8), Postcode = row.TextOrNull(9),
            Country = row.TextOrNull(10),
        Lat = row.TextOrNull(11), Lon = row.TextOrNull(12),
    };

    private static Product Product(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0), Sku = row.GetString(1), Name = row.GetString(2), Description = row.GetString(3), Category = row.GetString(4),
        Manufacturer = row.GetString(5), Price = row.GetDecimal(6), Currency = row.GetString(7), Weight = row.GetDecimal(8),
        Stock = row.GetInt32(9), Active = row.GetBoolean(10), CreatedAt = row.GetFieldValue<DateTimeOffset>(11),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(12), TaxClass = row.GetString(13),
    };

    private static Discount Discount(NpgsqlDataReader row) => new()
    {
        Code = row.GetString(0), Percent = row.IsDBNull(1) ? null : row.GetDecimal(1), Amount = row.IsDBNull(2) ? null : row.GetDecimal(2),
        MinSubtotal = row.GetDecimal(3), StartsAt = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        EndsAt = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5), UsesMax = row.IsDBNull(6) ? null : row.GetInt32(6),
        Uses = row.GetInt32(7), Active = row.GetBoolean(8),
    };
}

/// <summary>What is there of what was asked for.</summary>
internal sealed record DraftParts(
    EarlierReply? Earlier, Customer? Customer, Address? Address, Dictionary<string, Product> Products, Discount? Discount);

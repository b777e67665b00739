using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Contracts;
using Orders.Simulator.Api;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Verification;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Page<Customer>))]
[JsonSerializable(typeof(Page<Address>))]
[JsonSerializable(typeof(Page<Product>))]
internal sealed partial class VerifyShopContext : JsonSerializerContext;

/// <summary>The rows that orders are drawn from, read once from the API: whatever shop is there can be verified.</summary>
/// <param name="rowsMax">Rows of each table that are read.</param>
internal sealed class VerifyShop(PatientApi api, int rowsMax)
{
    private static readonly VerifyShopContext Json = new(OrdersJson.Options());

    /// <summary>Active customers with an address, and products that are for sale in that currency.</summary>
    public async Task<SimulatedTables> ReadAsync(string currency, CancellationToken cancel)
    {
        var customers = await ListAsync(
            "/v1/customers?status=active", page => JsonSerializer.Deserialize(page, Json.PageCustomer)!, cancel);
        var addresses = await ListAsync("/v1/addresses", page => JsonSerializer.Deserialize(page, Json.PageAddress)!, cancel);
        var products = await ListAsync(
            "/v1/products?active=true", page => JsonSerializer.Deserialize(page, Json.PageProduct)!, cancel);
        var active = customers.Select(customer => customer.ClientId).ToHashSet(StringComparer.Ordinal);
        addresses.RemoveAll(address => !active.Contains(address.ClientId));
        var settled = addresses.Select(address => address.ClientId).ToHashSet(StringComparer.Ordinal);
        customers.RemoveAll(customer => !settled.Contains(customer.ClientId));
        products.RemoveAll(product => product.Currency != currency);
        return new SimulatedTables(customers, addresses, products);
    }

    private async Task<List<T>> ListAsync<T>(string path, Func<byte[], Page<T>> read, CancellationToken cancel)
    {
        var rows = new List<T>();
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (string? cursor = ""; cursor is not null && rows.Count < rowsMax; )
        {
            var from = cursor.Length == 0 ? "" : "&cursor=" + Uri.EscapeDataString(cursor);
            var page = read(await api.ReadAsync(FormattableString.Invariant($"{path}{separator}limit={OrdersApi.PageSize}{from}"), cancel));
            rows.AddRange(page.Items);
            cursor = page.NextCursor;
        }

        return rows.Count <= rowsMax ? rows : rows[..rowsMax];
    }
}

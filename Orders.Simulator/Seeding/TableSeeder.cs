using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Orders.Simulator.Api;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Seeding;

/// <summary>
/// Fills the empty tables of the shop through the API.
/// Invariant: a table is imported from its last row to its first, so row 0 is there only when all of them are. A start that
/// finds the last row without the first knows that an earlier one was interrupted, and repeats it (imports are upserts).
/// Tables that hold somebody else's rows are left alone, and so is what was edited or deleted after a finished import.
/// </summary>
internal sealed partial class TableSeeder(
    OrdersApi api, IOptions<SimulatorOptions> options, TimeProvider time, ILogger<TableSeeder> logger)
{
    private readonly SimulatorOptions _options = options.Value;

    public async Task SeedAsync(CancellationToken cancel)
    {
        var counts = await api.CountAsync(cancel);
        var tables = SimulatedTables.Generate(_options.RandomSeed, _options.Customers, _options.Addresses, _options.Products);
        var ours = await SeedAsync("customers", tables.Customers, counts.Customers, ApiJson.Default.IReadOnlyListCustomer,
            customer => ExistsAsync("customers", customer.ClientId, cancel), cancel);
        // An address belongs to a customer: without our customers there is nobody to live there.
        if (ours)
        {
            await SeedAsync("addresses", tables.Addresses, counts.Addresses, ApiJson.Default.IReadOnlyListAddress,
                address => HasAddressAsync(address, cancel), cancel);
        }

        await SeedAsync("products", tables.Products, counts.Products, ApiJson.Default.IReadOnlyListProduct,
            product => ExistsAsync("products", product.Id, cancel), cancel);
    }

    /// <returns>True when the table holds our rows afterwards.</returns>
    private async Task<bool> SeedAsync<T>(
        string table, IReadOnlyList<T> rows, long count, JsonTypeInfo<IReadOnlyList<T>> type, Func<T, Task<bool>> exists,
        CancellationToken cancel)
    {
        var first = count > 0 && await exists(rows[0]);
        var interrupted = count > 0 && !first && rows.Count > _options.BatchSize && await exists(rows[^1]);
        if (count > 0 && !interrupted)
        {
            LogKept(table, count);
            return first;
        }

        var started = time.GetTimestamp();
        foreach (var batch in rows.Chunk(_options.BatchSize).Reverse()) await api.ImportAsync(table, batch, type, cancel);
        LogSeeded(table, rows.Count, (long)time.GetElapsedTime(started).TotalMilliseconds);
        return true;
    }

    private Task<bool> ExistsAsync(string table, string id, CancellationToken cancel) => api.ExistsAsync($"/v1/{table}/{id}", cancel);

    private async Task<bool> HasAddressAsync(Address address, CancellationToken cancel)
    {
        var owned = await api.ListAsync($"/v1/customers/{address.ClientId}/addresses", ApiJson.Default.PageAddressRef, cancel);
        return owned.Any(row => row.AddressId == address.AddressId);
    }
}

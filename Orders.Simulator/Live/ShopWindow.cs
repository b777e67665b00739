using Orders.Simulator.Api;
using Orders.Simulator.Model;

namespace Orders.Simulator.Live;

/// <summary>
/// What can be ordered, read from the API: the tables may be somebody's own, and products come and go. Read again when an
/// order was refused, which is how a deleted product shows, but not more often than <see cref="RefreshMin"/>.
/// </summary>
internal sealed partial class ShopWindow(
    OrdersApi api, TimeProvider time, ILogger<ShopWindow> logger, LiveProfile? profile = null)
{
    private static readonly TimeSpan RefreshMin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EmptyRetry = TimeSpan.FromSeconds(2);

    private volatile OrderModel? _model;
    private volatile bool _stale = true;
    private long _readAt;

    /// <summary>The tables as last read; null before the first time.</summary>
    public ShopTables? Tables => _model?.Tables;

    public void Refused() => _stale = true;

    /// <summary>The current model. Waits as long as there is nothing to order or nobody to order it.</summary>
    public async ValueTask<OrderModel> OpenAsync(CancellationToken cancel)
    {
        if (_model is { } model && (!_stale || time.GetElapsedTime(_readAt) < RefreshMin)) return model;
        while (true)
        {
            _stale = false;
            var tables = await ReadAsync(api, cancel);
            _readAt = time.GetTimestamp();
            if (tables.CanOrder)
            {
                LogRead(tables.Destinations.Count, tables.ProductIds.Count);
                return _model = new OrderModel(tables, profile?.Profile);
            }

            LogNothingToOrder(tables.Destinations.Count, tables.ProductIds.Count);
            await Task.Delay(EmptyRetry, time, cancel);
        }
    }

    /// <summary>The tables as they are now, who or what cannot be ordered left out.</summary>
    public static async Task<ShopTables> ReadAsync(OrdersApi api, CancellationToken cancel)
    {
        var customers = await api.ListAsync("/v1/customers?status=active", ApiJson.Default.PageCustomerRef, cancel);
        var addresses = await api.ListAsync("/v1/addresses", ApiJson.Default.PageAddressRef, cancel);
        var products = await api.ListAsync("/v1/products?active=true", ApiJson.Default.PageProductRef, cancel);
        var active = customers.Select(customer => customer.ClientId).ToHashSet(StringComparer.Ordinal);
        return new ShopTables(
            [.. addresses.Where(address => active.Contains(address.ClientId)).Select(a => new Destination(a.ClientId, a.AddressId))],
            [.. products.Select(product => product.Id)])
        {
            Categories = [.. products.Select(product => product.Category ?? "")],
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Orders are drawn from {Destinations} addresses and {Products} products")]
    private partial void LogRead(int destinations, int products);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Nothing to order: {Destinations} addresses of active customers, {Products} active products")]
    private partial void LogNothingToOrder(int destinations, int products);
}

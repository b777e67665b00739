using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Orders.Tests.Analytics;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

/// <summary>
/// Customers who order and insist: who gets no answer asks again under the same key. How many orders that makes is bounded, because a
/// proof at the end compares them too.
/// </summary>
internal sealed class InsistingCustomers(OrdersApplication app, int before = 60, int during = 200, int after = 40) : Witness
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, string> _placed = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly CancellationTokenSource _stop = new();
    private Task[] _customers = [];
    private Shop _shop = null!;
    private int _wantedInAll;

    public override async Task ArrangeAsync()
    {
        _shop = await Shop.OpenAsync(app);
        var product = await _shop.AddProductAsync();
        _customers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => OrderUntilAsync(product)))];
        await SomeMoreAsync();
    }

    /// <summary>Returns while they order on.</summary>
    public async Task SomeMoreAsync()
    {
        Want(before + during);
        await PlacedAsync(_wantedInAll - during, "orders before the death");
    }

    public override async Task AssertAsync()
    {
        Want(after);
        await PlacedAsync(_wantedInAll, "all that was wanted is placed");
        await _stop.CancelAsync();
        await Task.WhenAll(_customers);

        var stored = await app.Database.ListAsync<string>("select id from orders where customer_id = $1 order by id", _shop.CustomerId);
        Assert.Equal(_placed.Values.Order(StringComparer.Ordinal), stored);
        await Eventually.Get(() => IndexedAsync(stored), missing => missing.Count == 0, "every order is in search");
        await Eventually.Get(() => app.FactsOffAsync(_shop), off => off == 0, "the facts equal the orders");
        foreach (var id in stored.Take(20)) Assert.Equal(id, Shop.Read(await app.Api.GetByteArrayAsync($"/v1/orders/{id}")).Id);
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_customers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _wanted.Dispose();
    }

    private async Task<List<string>> IndexedAsync(List<string> stored)
    {
        var found = await app.DocumentsOfAsync(_shop.CustomerId);
        Assert.Equal(found.Distinct(StringComparer.Ordinal).Count(), found.Count);
        Assert.Empty(found.Except(stored, StringComparer.Ordinal));
        return [.. stored.Except(found, StringComparer.Ordinal)];
    }

    /// <summary>The customers order that many more, as fast as they are answered.</summary>
    private void Want(int orders)
    {
        _wantedInAll += orders;
        _wanted.Release(orders);
    }

    private Task PlacedAsync(int orders, string describe) =>
        Eventually.Is(() => Task.FromResult(_placed.Count >= orders), describe, Patience);

    private async Task OrderUntilAsync(string product)
    {
        try
        {
            while (true)
            {
                await _wanted.WaitAsync(_stop.Token);
                var key = Guid.NewGuid().ToString();
                _placed[key] = await InsistAsync(product, key);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Everything that was wanted is placed.
        }
    }

    /// <summary>Asks under one key until there is an answer that settles it.</summary>
    private async Task<string> InsistAsync(string product, string key) => await Eventually.Get(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders")
        {
            Headers = { { "Idempotency-Key", key } },
            Content = JsonContent.Create(new
            {
                customer_id = _shop.CustomerId,
                address_id = _shop.AddressId,
                channel = "web",
                items = new[] { new { product_id = product, quantity = 1 } },
            }),
        };
        using var reply = await app.Api.SendAsync(request, _stop.Token);
        Assert.True(reply.StatusCode is HttpStatusCode.Created or >= HttpStatusCode.InternalServerError, $"{reply.StatusCode}");
        return reply.StatusCode == HttpStatusCode.Created ? Shop.Read(await reply.Content.ReadAsByteArrayAsync()).Id : "";
    }, id => id.Length > 0, $"an answer to the order under {key}", Patience);
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

/// <summary>
/// Each part of the system is killed without a warning, one after the other, while customers order and insist: who gets no answer asks
/// again under the same key. How many orders that makes is bounded, because every test that comes after compares them too.
/// </summary>
public sealed class EveryPartKilled(OrdersApplication app) : StormTests, IDisposable
{
    private const string Verify = "/v1/admin/verify";
    private static readonly string[] Parts = ["api", "indexer", "kafka", "search", "cache", "postgres"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, string> _placed = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wanted = new(0);
    private int _wantedInAll;

    [Fact]
    public async Task Every_order_is_there_once_and_everything_agrees()
    {
        // What other tests have left behind on purpose is not the question here.
        await app.RunAsync(Verify);
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        using var stop = new CancellationTokenSource();
        var customers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => OrderUntilAsync(shop, product, stop.Token))).ToArray();

        foreach (var part in Parts)
        {
            Want(300);
            await PlacedAsync(_wantedInAll - 280, $"orders before the kill of {part}");
            var killed = await app.KillAsync(part);
            await app.StartAgainAsync(killed);
            if (part == "postgres") app.Database.Clear();
            Want(100);
            await PlacedAsync(_wantedInAll - 50, $"orders after the kill of {part}");
            await AgreesAsync($"everything agrees after the kill of {part}");
        }

        await PlacedAsync(_wantedInAll, "all that was wanted is placed");
        await stop.CancelAsync();
        await Task.WhenAll(customers);
        var stored = await app.Database.ListAsync<string>("select id from orders where customer_id = $1 order by id", shop.CustomerId);
        Assert.Equal(_placed.Values.Order(StringComparer.Ordinal), stored);
        await AgreesAsync("everything agrees at the end");
        var documents = await app.DocumentsAsync();
        Assert.Empty(stored.Where(id => !documents.ContainsKey(id)));
        foreach (var id in stored.Take(20)) Assert.Equal(id, Shop.Read(await app.Api.GetByteArrayAsync($"/v1/orders/{id}")).Id);
    }

    /// <summary>The customers order that many more, as fast as they are answered.</summary>
    private void Want(int orders)
    {
        _wantedInAll += orders;
        _wanted.Release(orders);
    }

    private Task PlacedAsync(int orders, string describe) =>
        Eventually.Is(() => Task.FromResult(_placed.Count >= orders), describe, Patience);

    /// <summary>Compares every order with search, cache and analytics, and repairs nothing. What is on its way is no difference.</summary>
    private Task AgreesAsync(string describe) => Eventually.Get(
        () => app.RunAsync(Verify, new { depth = "full", repair = false }), proof => proof.GetProperty("clean").GetBoolean(),
        describe, Patience);

    private async Task OrderUntilAsync(Shop shop, string product, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _wanted.WaitAsync(stop);
                var key = Guid.NewGuid().ToString();
                _placed[key] = await InsistAsync(shop, product, key);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Everything that was wanted is placed.
        }
    }

    public void Dispose() => _wanted.Dispose();

    /// <summary>Asks under one key until there is an answer that settles it.</summary>
    private async Task<string> InsistAsync(Shop shop, string product, string key) => await Eventually.Get(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders")
        {
            Headers = { { "Idempotency-Key", key } },
            Content = JsonContent.Create(new
            {
                customer_id = shop.CustomerId,
                address_id = shop.AddressId,
                channel = "web",
                items = new[] { new { product_id = product, quantity = 1 } },
            }),
        };
        using var reply = await app.Api.SendAsync(request);
        Assert.True(reply.StatusCode is HttpStatusCode.Created or >= HttpStatusCode.InternalServerError, $"{reply.StatusCode}");
        return reply.StatusCode == HttpStatusCode.Created ? Shop.Read(await reply.Content.ReadAsByteArrayAsync()).Id : "";
    }, id => id.Length > 0, $"an answer to the order under {key}", Patience);
}

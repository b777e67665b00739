using System.Net;
using System.Text;
using Orders.Tests.Catalogue;
using Orders.Tests.Inbound;
using Orders.Tests.Support;
using Orders.Tests.Webhooks;

namespace Orders.Tests.Anomalies;

/// <summary>Commands that come while the database is away wait, and none is a dead letter.</summary>
internal sealed class CommandsThatWait(OrdersApplication app) : Witness
{
    private readonly InboundTopic _topic = new(app);
    private readonly string _key = Guid.NewGuid().ToString();
    private Shop _shop = null!;
    private string _product = "";
    private string _order = "";

    public override async Task ArrangeAsync()
    {
        _shop = await Shop.OpenAsync(app);
        _product = await _shop.AddProductAsync();
        _order = (await _shop.PlaceAsync((_product, 1))).Id;
    }

    public override Task MeanwhileAsync() => _topic.SendAsync(_key,
    [
        .. Enumerable.Range(0, 30).Select(_ => InboundTopic.Place(_shop, _product)),
        InboundTopic.Command("orders.confirm", new { order_id = _order }),
        $$"""{"customer_id":"{{_shop.CustomerId}}","amount":7.00}""",
    ]);

    public override async Task AssertAsync()
    {
        await _topic.DrainAsync(_key);
        Assert.Equal(32, await _topic.CountAsync(_shop));
        Assert.Equal("confirmed", await app.Database.ScalarAsync<string>("select status from orders where id = $1", _order));
        Assert.Empty(await _topic.LettersAsync(_key));
    }
}

/// <summary>A cached order is read on by who is known, and a newcomer is told why he is not let in.</summary>
internal sealed class CachedOrder(OrdersApplication app) : Witness
{
    /// <summary>Longer than a key is believed without asking the database, as the application of the tests has it.</summary>
    private static readonly TimeSpan LongEnough = OrdersApplication.KeyCacheTimeToLive * 2;

    private Shop _shop = null!;
    private HttpClient _newcomer = null!;
    private string _id = "";
    private string _before = "";

    public override async Task ArrangeAsync()
    {
        _shop = await Shop.OpenAsync(app);
        _id = (await _shop.PlaceAsync((await _shop.AddProductAsync(), 1))).Id;
        _before = await _shop.GetTextAsync(_id);
        _newcomer = app.ApiWith((await app.CreateKeyAsync(["orders:read"])).Token);
    }

    public override async Task MeanwhileAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.Is(async () =>
        {
            Assert.Equal(_before, await _shop.GetTextAsync(_id));
            return TimeProvider.System.GetElapsedTime(started) > LongEnough;
        }, "the order, again and again");
        var refused = await _newcomer.GetAsync($"/v1/orders/{_id}");
        await Shop.Expect(refused, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("/problems/database_unavailable", await Problem.TypeAsync(refused));
    }

    public override Task AssertAsync() => Eventually.Is(
        async () => (await _newcomer.GetAsync($"/v1/orders/{_id}")).IsSuccessStatusCode, "the newcomer is let in");

    protected override ValueTask CleanUpAsync()
    {
        _newcomer?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// Deliveries that were refused before, and new ones, are made afterwards. Tries are bounded and a slow machine's death is long: orders are
/// placed until it, so that the last of them has tries left.
/// </summary>
internal sealed class DeliveriesThatGoOn(OrdersApplication app) : Witness
{
    private readonly CancellationTokenSource _enough = new();
    private Subscriber _subscriber = null!;
    private Task _placing = Task.CompletedTask;
    private string _last = "";

    public override async Task ArrangeAsync()
    {
        _subscriber = await Subscriber.JoinAsync(app);
        _subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.ServiceUnavailable);
        _last = await _subscriber.PlaceAsync();
        await _subscriber.ArrivedAsync($"{_last}.1");
        _placing = Task.Run(PlaceOnAsync);
    }

    public override async Task MeanwhileAsync()
    {
        await EndAsync();
        _subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.OK);
    }

    public override async Task AssertAsync()
    {
        var after = await Eventually.Get(() => _subscriber.PlaceAsync(), order => order.Length > 0, "orders are placed again");
        await _subscriber.ArrivedAsync($"{after}.1");
        foreach (var id in new[] { $"{_last}.1", $"{after}.1" }) await _subscriber.DeliveryAsync(id, "delivered");
    }

    protected override async ValueTask CleanUpAsync()
    {
        await EndAsync();
        _enough.Dispose();
        if (_subscriber is not null) await _subscriber.DisposeAsync();
    }

    private async Task EndAsync()
    {
        await _enough.CancelAsync();
        await _placing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>One order after the other, as long as there is a database.</summary>
    private async Task PlaceOnAsync()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (await pause.WaitForNextTickAsync(_enough.Token)) _last = await _subscriber.PlaceAsync();
    }
}

/// <summary>A stream of products outlives the death or says where it broke off; sent again, it does nothing twice.</summary>
internal sealed class ImportUnderWay(OrdersApplication app) : Witness
{
    private const int Products = 6000;

    private readonly TaskCompletionSource _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _tag = Calls.Tag();
    private HttpClient _patient = null!;
    private Task<HttpResponseMessage> _sent = null!;

    public override async Task ArrangeAsync()
    {
        _patient = app.ApiWith(app.AdminToken);
        _patient.Timeout = TimeSpan.FromMinutes(3);
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/products/import")
        {
            Content = new PausedContent(Lines(1), _back.Task, Lines((Products / 2) + 1)),
        };
        request.Content.Headers.ContentType = new("application/x-ndjson");
        _sent = _patient.SendAsync(request);
        await Eventually.Is(async () => await CountAsync() > 0, "the first batch");
    }

    public override async Task AssertAsync()
    {
        _back.TrySetResult();
        var reply = await _sent;

        if (reply.StatusCode == HttpStatusCode.OK) Assert.Equal(Products, (await reply.JsonAsync()).Number("accepted"));
        else Assert.Equal("/problems/import_interrupted", await Problem.TypeAsync(reply));
        var again = await Eventually.Get(
            () => app.Api.StreamAsync("/v1/products/import", Lines(1) + Lines((Products / 2) + 1)),
            sent => sent.StatusCode == HttpStatusCode.OK, "the stream sent again");
        Assert.Equal(Products, (await again.JsonAsync()).Number("accepted"));
        await Eventually.Get(CountAsync, count => count == Products, "every product, once");
        // What was there already was not written a second time.
        Assert.Equal(0, await app.CountAsync("products", "starts_with(sku, $1) and version > 1", _tag));
    }

    protected override async ValueTask CleanUpAsync()
    {
        _back.TrySetResult();
        if (_sent is not null) await ((Task)_sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _patient?.Dispose();
    }

    private Task<long> CountAsync() => app.CountAsync("products", "starts_with(sku, $1)", _tag);

    private string Lines(int first) => string.Concat(Enumerable.Range(first, Products / 2).Select(i =>
        $$"""{"id":"{{_tag}}-{{i}}","sku":"{{_tag}}-{{i}}","name":"Silla","category":"c","price":1,"currency":"EUR","weight":1}""" + "\n"));

    /// <summary>Sends one half, waits and sends the other.</summary>
    private sealed class PausedContent(string first, Task between, string second) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(first));
            await stream.FlushAsync();
            await between;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(second));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

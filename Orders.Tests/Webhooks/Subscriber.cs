using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Webhooks;

/// <summary>A shop whose customer has a key of its own, a receiver, and what one does with webhooks through the API.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly OrdersApplication _app;

    private Subscriber(OrdersApplication app, Shop shop, HttpClient api, WebhookReceiver receiver)
    {
        (_app, Shop, Api, Receiver) = (app, shop, api, receiver);
    }

    public Shop Shop { get; }

    /// <summary>The api for the customer's key.</summary>
    public HttpClient Api { get; }

    public WebhookReceiver Receiver { get; }

    public string WebhookId { get; private set; } = "";

    public string Secret { get; private set; } = "";

    private string Address => $"/v1/webhooks/{WebhookId}";

    /// <summary>Somebody who has subscribed to all events of a new customer.</summary>
    public static async Task<Subscriber> JoinAsync(OrdersApplication app, params string[] eventTypes)
    {
        var subscriber = await KnockAsync(app);
        await subscriber.SubscribeAsync(subscriber.Receiver.Url, eventTypes);
        return subscriber;
    }

    /// <summary>Somebody who has not subscribed to anything yet.</summary>
    public static async Task<Subscriber> KnockAsync(OrdersApplication app)
    {
        var shop = await Shop.OpenAsync(app);
        return new Subscriber(
            app, shop, await app.HolderAsync(["orders:read"], shop.CustomerId), await WebhookReceiver.StartAsync());
    }

    public async Task SubscribeAsync(string url, params string[] eventTypes)
    {
        var reply = await Api.PostAsJsonAsync("/v1/webhooks", new { url, event_types = eventTypes is [] ? ["*"] : eventTypes });
        await Shop.Expect(reply, HttpStatusCode.Created);
        var webhook = await ReadAsync(reply);
        WebhookId = webhook.GetProperty("id").GetString()!;
        Secret = webhook.GetProperty("secret").GetString()!;
        Assert.Equal(Address, reply.Headers.Location?.OriginalString);
    }

    /// <summary>Places an order of one piece and returns its id.</summary>
    public async Task<string> PlaceAsync() => (await Shop.PlaceAsync((await Shop.AddProductAsync(), 1))).Id;

    public async Task CancelAsync(string orderId) => await Shop.Ok(await _app.Api.PostAsync($"/v1/orders/{orderId}/cancel", null));

    /// <summary>Waits until these events have arrived, and returns all that arrived.</summary>
    public Task<IReadOnlyList<ReceivedWebhook>> ArrivedAsync(params string[] eventIds) => Eventually.Get(
        () => Task.FromResult(Receiver.Received), received => eventIds.All(id => received.Any(webhook => webhook.Id == id)),
        $"{string.Join(", ", eventIds)} at the receiver");

    public async Task<JsonElement> GetAsync(string path = "")
    {
        var reply = await Api.GetAsync(Address + path);
        await Shop.Expect(reply, HttpStatusCode.OK);
        return await ReadAsync(reply);
    }

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null) =>
        Api.PostAsync(Address + path, body is null ? null : JsonContent.Create(body));

    public async Task<JsonElement> ChangeAsync(object change)
    {
        var reply = await Api.PatchAsync(Address, JsonContent.Create(change));
        await Shop.Expect(reply, HttpStatusCode.OK);
        return await ReadAsync(reply);
    }

    /// <summary>The delivery of an event, once it has that status.</summary>
    public Task<JsonElement> DeliveryAsync(string eventId, string status) => Eventually.Get(
        () => GetAsync($"/deliveries/{eventId}"), delivery => delivery.GetProperty("status").GetString() == status,
        $"delivery of {eventId} is {status}");

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage reply) =>
        JsonSerializer.Deserialize<JsonElement>(await reply.Content.ReadAsStringAsync());

    /// <summary>Status codes of a delivery's tries; 0 where there was no reply.</summary>
    public static List<int> StatusesOf(JsonElement delivery) =>
        [.. delivery.GetProperty("attempts").EnumerateArray()
            .Select(attempt => attempt.TryGetProperty("status_code", out var status) ? status.GetInt32() : 0)];

    public async ValueTask DisposeAsync()
    {
        // Nobody is to go on knocking at a receiver that is gone.
        if (WebhookId.Length > 0) (await Api.DeleteAsync(Address)).Dispose();
        Api.Dispose();
        await Receiver.DisposeAsync();
    }
}

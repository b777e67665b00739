using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Webhooks;

/// <summary>What becomes of webhooks when the key that made them is revoked, and of a secret when it is another one.</summary>
public sealed class KeysAndSecrets(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task The_webhooks_of_a_revoked_key_stop_until_somebody_enables_them()
    {
        await using var other = await Subscriber.JoinAsync(app);
        await using var receiver = await WebhookReceiver.StartAsync();
        var key = await app.CreateKeyAsync(["orders:read"], other.Shop.CustomerId);
        using var client = app.ApiWith(key.Token);
        var id = (await CreateAsync(client, receiver.Url, null)).GetProperty("id").GetString();
        var webhook = await app.Api.GetFromJsonAsync<JsonElement>($"/v1/webhooks/{id}");
        Assert.Equal((key.Id, true), (webhook.GetProperty("owner_key").GetString(), webhook.GetProperty("active").GetBoolean()));

        await Shop.Expect(await app.Api.DeleteAsync($"/v1/keys/{key.Id}"), HttpStatusCode.NoContent);

        webhook = await app.Api.GetFromJsonAsync<JsonElement>($"/v1/webhooks/{id}");
        Assert.Equal(
            (false, "key_revoked"), (webhook.GetProperty("active").GetBoolean(), webhook.GetProperty("disabled_reason").GetString()));
        var order = await other.PlaceAsync();
        await other.ArrivedAsync($"{order}.1");
        Assert.Empty(receiver.Received);
        // The customer's other webhook goes on, and this one has missed nothing when it is enabled.
        await Shop.Expect(
            await app.Api.PatchAsync($"/v1/webhooks/{id}", JsonContent.Create(new { active = true })), HttpStatusCode.OK);
        await Eventually.Is(() => Task.FromResult(receiver.Received.Any(hook => hook.Id == $"{order}.1")), "what it missed arrives");
    }

    [Fact]
    public async Task A_repeated_create_shows_no_secret_that_was_rotated_or_deleted()
    {
        await using var subscriber = await Subscriber.KnockAsync(app);
        var key = Guid.NewGuid().ToString();
        var first = await CreateAsync(subscriber.Api, subscriber.Receiver.Url, key);
        var again = await CreateAsync(subscriber.Api, subscriber.Receiver.Url, key);
        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.NotEmpty(first.GetProperty("secret").GetString()!);
        var address = $"/v1/webhooks/{first.GetProperty("id").GetString()}";

        await Shop.Ok(await subscriber.Api.PostAsync(address + "/rotate-secret", null));

        var rotated = await CreateAsync(subscriber.Api, subscriber.Receiver.Url, key);
        Assert.False(rotated.TryGetProperty("secret", out _));
        Assert.Equal(first.GetProperty("id").GetString(), rotated.GetProperty("id").GetString());
        await Shop.Expect(await subscriber.Api.DeleteAsync(address), HttpStatusCode.NoContent);
        Assert.False((await CreateAsync(subscriber.Api, subscriber.Receiver.Url, key)).TryGetProperty("secret", out _));
    }

    private static async Task<JsonElement> CreateAsync(HttpClient client, string url, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/webhooks")
        {
            Content = JsonContent.Create(new { url, event_types = new[] { "*" } }),
        };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        var reply = await client.SendAsync(request);
        await Shop.Expect(reply, HttpStatusCode.Created);
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }
}

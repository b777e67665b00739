using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orders.Tests.Support;

/// <summary>A key that a test has made, with the only copy of its token.</summary>
internal sealed record Key(string Id, string Token);

/// <summary>Keys by way of the API, as an administrator makes them.</summary>
internal static class Keys
{
    public static async Task<Key> CreateKeyAsync(
        this OrdersApplication app, string[] scopes, string? customerId = null, int? perSecond = null, int? burst = null,
        DateTimeOffset? expiresAt = null)
    {
        var reply = await app.Api.PostAsJsonAsync("/v1/keys", new
        {
            name = "made by a test",
            scopes,
            customer_id = customerId,
            requests_per_second = perSecond,
            burst,
            expires_at = expiresAt,
        });
        await Shop.Expect(reply, HttpStatusCode.Created);
        return Read(await reply.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>The api for the holder of a fresh key.</summary>
    public static async Task<HttpClient> HolderAsync(this OrdersApplication app, string[] scopes, string? customerId = null) =>
        app.ApiWith((await app.CreateKeyAsync(scopes, customerId)).Token);

    public static Key Read(JsonElement key) => new(key.GetProperty("id").GetString()!, key.GetProperty("token").GetString()!);
}

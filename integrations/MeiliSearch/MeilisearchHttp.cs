using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>
/// Requests and replies as JSON. Written: camelCase, without nulls. Read: names in any case. Attributes on a type win over both.
/// </summary>
internal sealed class MeilisearchHttp(HttpClient client)
{
    private static readonly JsonSerializerOptions Writing = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly JsonSerializerOptions Reading = new(JsonSerializerDefaults.Web);

    /// <summary>Relative addresses only append to a base that ends with a slash.</summary>
    public static Uri WithSlash(string url) => new(url.EndsWith('/') ? url : url + "/");

    public Task<T> GetAsync<T>(string uri, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Get, uri, content: null, cancellationToken);

    public Task<T> DeleteAsync<T>(string uri, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Delete, uri, content: null, cancellationToken);

    public Task<T> PostAsync<T>(string uri, object body, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Post, uri, Json(body), cancellationToken);

    public Task<T> PatchAsync<T>(string uri, object body, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Patch, uri, Json(body), cancellationToken);

    public Task<T> PostTextAsync<T>(string uri, string text, string mediaType, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Post, uri, new StringContent(text, Encoding.UTF8, mediaType), cancellationToken);

    // Without a charset, as the server documents it.
    private static JsonContent Json(object body) =>
        JsonContent.Create(body, body.GetType(), new MediaTypeHeaderValue("application/json"), Writing);

    private async Task<T> SendAsync<T>(HttpMethod method, string uri, HttpContent content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, uri) { Content = content };
        using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<T>(Reading, cancellationToken).ConfigureAwait(false);
    }
}

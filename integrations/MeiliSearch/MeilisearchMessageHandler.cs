using System.Net.Http.Json;
using System.Text.Json;

namespace Meilisearch;

/// <summary>Turns replies that are errors, and servers that do not answer, into this client's exceptions.</summary>
public class MeilisearchMessageHandler(HttpMessageHandler innerHandler) : DelegatingHandler(innerHandler)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                throw await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (HttpRequestException error)
        {
            throw new MeilisearchCommunicationError("CommunicationError", error);
        }
    }

    private static async Task<MeilisearchApiError> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bare = new MeilisearchApiError(response.StatusCode, response.ReasonPhrase);
        try
        {
            var content = await response.Content.ReadFromJsonAsync<MeilisearchApiErrorContent>(cancellationToken).ConfigureAwait(false);
            return content?.Code is null ? bare : new MeilisearchApiError(content);
        }
        catch (JsonException)
        {
            // A proxy before the server answers in its own words; the status line is all there is then.
            return bare;
        }
    }
}

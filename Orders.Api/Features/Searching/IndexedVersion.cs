using System.Text.Json;
using Meilisearch;
using Orders.Contracts;

namespace Orders.Api.Features.Searching;

/// <summary>What the search index has of an order.</summary>
internal static class IndexedVersion
{
    /// <summary>True when the index has the order in that version or a later one.</summary>
    /// <exception cref="MeilisearchCommunicationError">The search engine does not answer.</exception>
    public static async Task<bool> HasOrderAsync(this MeilisearchClient search, string orderId, int version, CancellationToken cancel)
    {
        try
        {
            var document = await search.Index(WireNames.Indexes.Orders).GetDocumentAsync<JsonElement>(orderId, cancellationToken: cancel);
            return document.GetProperty("version").GetInt32() >= version;
        }
        catch (MeilisearchApiError error) when (error.Code is "document_not_found" or "index_not_found")
        {
            return false;
        }
    }
}

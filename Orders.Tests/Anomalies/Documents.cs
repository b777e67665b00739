using System.Text.Json;
using Meilisearch;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

/// <summary>The documents of one customer, as the index itself has them.</summary>
internal static class Documents
{
    public static async Task<int> DocumentCountAsync(this OrdersApplication app, string customerId) =>
        (await PageAsync(app, customerId, 1, 1)).TotalHits;

    /// <summary>Their ids.</summary>
    public static async Task<List<string>> DocumentsOfAsync(this OrdersApplication app, string customerId)
    {
        var ids = new List<string>();
        for (var page = 1; ; page++)
        {
            var found = await PageAsync(app, customerId, page, 1000);
            ids.AddRange(found.Hits.Select(hit => hit.GetProperty("id").GetString()!));
            if (page >= found.TotalPages) return ids;
        }
    }

    private static async Task<PaginatedSearchResult<JsonElement>> PageAsync(
        OrdersApplication app, string customerId, int page, int size) =>
        (PaginatedSearchResult<JsonElement>)await app.Search.Index(WireNames.Indexes.Orders).SearchAsync<JsonElement>(
            "", new SearchQuery
            {
                Filter = $"customer_id = '{customerId}'", HitsPerPage = size, Page = page, AttributesToRetrieve = ["id"],
            });
}

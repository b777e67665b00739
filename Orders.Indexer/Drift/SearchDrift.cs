using System.Globalization;
using System.Text.Json;
using Meilisearch;
using Meilisearch.QueryParameters;
using Orders.Contracts;
using Orders.Indexer.Projections;
using Orders.Indexer.Searching;

namespace Orders.Indexer.Drift;

/// <summary>The search index. A repair keeps the projections out for as long as it takes to write the documents.</summary>
internal sealed class SearchDrift(
    MeilisearchClient client, SearchIndex index, SearchGate gate, OrderPages pages, HotWindow window) : IDriftSource
{
    private const int PageSize = 2000;

    public string Target => "search";

    public string Group => WireNames.Groups.Search;

    public async ValueTask<bool> IsThereAsync(CancellationToken cancel) => await index.IdentityAsync(cancel) is not null;

    public bool MustHave(StoredVersion order) =>
        order.PlacedAt >= window.Since || HotWindow.Open.Contains(order.Status, StringComparer.Ordinal);

    public async Task<Dictionary<string, int>> ListAsync(Bucket bucket, CancellationToken cancel)
    {
        string?[] bounds = [Bound(bucket.From, ">="), Bound(bucket.Until, "<")];
        var filter = string.Join(" AND ", bounds.OfType<string>().DefaultIfEmpty("placed_at_ms EXISTS"));
        return await FindAsync(filter, cancel);
    }

    public Task<Dictionary<string, int>> VersionsAsync(IReadOnlyList<string> orderIds, CancellationToken cancel) =>
        index.VersionsAsync([.. orderIds.Where(SearchIndex.IsDocumentId)], cancel);

    public async Task<List<string>> AlteredAsync(
        IReadOnlyDictionary<string, (OrderState State, byte[] Json)> orders, CancellationToken cancel)
    {
        var altered = new List<string>();
        var query = new DocumentsQuery { Filter = $"id IN [{string.Join(',', orders.Keys)}]", Limit = Math.Max(1, orders.Count) };
        foreach (var document in (await client.Index(index.Uid).GetDocumentsAsync<JsonElement>(query, cancel)).Results)
        {
            var order = orders[document.GetProperty("id").GetString()!].State;
            // By value: the engine keeps fields in an order of its own and numbers without their trailing zeros.
            var expected = JsonSerializer.SerializeToElement(OrderDocument.From(order), OrdersJson.Default.OrderDocument);
            if (!JsonElement.DeepEquals(document, expected)) altered.Add(order.Id);
        }

        return altered;
    }

    public async Task<List<string>> StraysAsync(CancellationToken cancel) =>
        [.. (await FindAsync("placed_at_ms NOT EXISTS", cancel)).Keys];

    public async Task RebuildAsync(IReadOnlyList<string> orderIds, CancellationToken cancel)
    {
        await using var closure = await gate.CloseAsync(cancel);
        var orders = (await pages.OfAsync([.. orderIds], cancel)).Where(window.Holds).ToList();
        var gone = orderIds.Except(orders.Select(order => order.Id), StringComparer.Ordinal).ToList();
        if (gone.Count > 0) await index.RemoveAsync(gone, cancel);
        await closure.CheckAsync(cancel);
        if (orders.Count > 0) await index.ReplaceAllAsync(orders.ConvertAll(OrderDocument.From), cancel);
        await closure.OpenAsync(cancel);
    }

    private async Task<Dictionary<string, int>> FindAsync(string filter, CancellationToken cancel)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var offset = 0; ; offset += PageSize)
        {
            var query = new DocumentsQuery { Filter = filter, Fields = ["id", "version"], Limit = PageSize, Offset = offset };
            var page = await client.Index(index.Uid).GetDocumentsAsync<JsonElement>(query, cancel);
            foreach (var document in page.Results) found[document.GetProperty("id").GetString()!] = Version(document);
            if (offset + PageSize >= page.Total) return found;
        }
    }

    /// <summary>0, which is older than everything, for what says nothing that could be a version.</summary>
    private static int Version(JsonElement document) =>
        document.TryGetProperty("version", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var version)
            ? version : 0;

    private static string? Bound(DateTimeOffset? at, string comparison) =>
        at is { } bound ? string.Create(CultureInfo.InvariantCulture, $"placed_at_ms {comparison} {bound.ToUnixTimeMilliseconds()}") : null;
}

using System.Globalization;
using System.Text;
using Orders.Simulator.Api;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Load;

/// <summary>What people know when they look for an order.</summary>
internal sealed record PersonRow(string ClientId, string? LastName);

internal sealed record PlaceRow(string? Road, string? CityDistrict);

internal sealed record ArticleRow(string? Name, string? Category);

internal sealed record OrderRef(string Id);

/// <summary>
/// The searches of the run, put together from what the shop really has. Of ten, four are words alone, two are words among the orders
/// of one status, two a customer's own orders, one the dearest of the last days, one the newest orders, some pages on.
/// </summary>
internal sealed class SearchPhrases(
    IReadOnlyList<string> words, IReadOnlyList<string> customers, DateTimeOffset now)
{
    private const int PagesOfWords = 2;
    private const int PageMax = 3;
    private static readonly TimeSpan LastDays = TimeSpan.FromDays(7);
    private static readonly string[] Statuses = ["placed", "confirmed", "paid", "shipped", "delivered", "cancelled"];

    public int Words => words.Count;

    /// <summary>Path and query of a search.</summary>
    public string Draw(SeededRandom random)
    {
        var query = new StringBuilder("/v1/orders/search?page_size=20");
        switch (random.Below(10))
        {
            case 0 or 1 or 2 or 3:
                AddWords(query, random);
                break;
            case 4 or 5:
                AddWords(query, random);
                query.Append("&status=").Append(random.Pick(Statuses));
                break;
            case 6 or 7 when customers.Count > 0:
                query.Append("&customer_id=").Append(Uri.EscapeDataString(random.Pick(customers))).Append("&sort=-placed_at");
                break;
            case 8:
                query.Append("&sort=-total&placed_from=").Append(
                    (now - LastDays).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                break;
            default:
                query.Append(CultureInfo.InvariantCulture, $"&page={random.Between(1, PageMax)}");
                break;
        }

        return query.ToString();
    }

    private void AddWords(StringBuilder query, SeededRandom random)
    {
        if (words.Count == 0) return;
        query.Append("&q=").Append(Uri.EscapeDataString(random.Pick(words)));
        if (random.Chance(0.3)) query.Append("%20").Append(Uri.EscapeDataString(random.Pick(words)));
    }

    /// <summary>Reads some customers, addresses and products of the API.</summary>
    public static async Task<SearchPhrases> ReadAsync(OrdersApi api, DateTimeOffset now, CancellationToken cancel)
    {
        var people = await SomeAsync(api, "/v1/customers", LoadJson.Default.PagePersonRow, cancel);
        var places = await SomeAsync(api, "/v1/addresses", LoadJson.Default.PagePlaceRow, cancel);
        var articles = await SomeAsync(api, "/v1/products", LoadJson.Default.PageArticleRow, cancel);
        var texts = people.Select(row => row.LastName).Concat(places.SelectMany(row => (string?[])[row.Road, row.CityDistrict]))
            .Concat(articles.SelectMany(row => (string?[])[row.Name, row.Category]));
        return new SearchPhrases(
            [.. texts.SelectMany(text => (text ?? "").Split(' ')).Where(word => word.Length > 3).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)],
            [.. people.Select(row => row.ClientId)], now);
    }

    private static async Task<List<T>> SomeAsync<T>(
        OrdersApi api, string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<Page<T>> type, CancellationToken cancel)
    {
        var rows = new List<T>();
        await foreach (var page in api.PagesAsync(path, type, cancel))
        {
            rows.AddRange(page.Items);
            if (rows.Count >= PagesOfWords * OrdersApi.PageSize) break;
        }

        return rows;
    }
}

using System.Globalization;
using System.Text.Json;
using Meilisearch;
using Microsoft.AspNetCore.Mvc;
using Orders.Api.Access;
using Orders.Api.Access.Administration;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Searching;

/// <summary>
/// <c>GET /v1/orders/search</c>: full text over the search index, with filters, sorting and pages. Paging is exhaustive, so
/// <c>total_hits</c> is a count, not an estimate. Hits are the index's documents as they are.
/// </summary>
internal static class SearchOrders
{
    /// <summary>What the index lets a search reach; orders further back are found by narrowing the search.</summary>
    private const int HitsMax = 100_000;

    private static readonly Dictionary<string, string> SortFields = new(StringComparer.Ordinal)
    {
        ["placed_at"] = "placed_at_ms",
        ["updated_at"] = "updated_at_ms",
        ["total"] = "total",
        ["number"] = "number",
        ["customer_name"] = "customer_name",
    };

    public sealed record Query(
        [FromQuery(Name = "q")] string? Q,
        [FromQuery(Name = "status")] string[]? Status,
        [FromQuery(Name = "customer_id")] string? CustomerId,
        [FromQuery(Name = "placed_from")] string? PlacedFrom,
        [FromQuery(Name = "placed_to")] string? PlacedTo,
        [FromQuery(Name = "bbox")] string? Box,
        [FromQuery(Name = "sort")] string? Sort,
        [FromQuery(Name = "page")] string? Page,
        [FromQuery(Name = "page_size")] string? PageSize,
        [FromHeader(Name = OrderPosition.Header)] string? Position);

    /// <param name="Hits">Documents of the index.</param>
    /// <param name="Page">From 1.</param>
    /// <param name="PageSize">Hits of a full page.</param>
    /// <param name="TotalHits">A count, not an estimate.</param>
    /// <param name="TotalPages">Of this size.</param>
    /// <param name="ProcessingMs">Of the search engine.</param>
    /// <param name="PositionReached">Whether the answer knows the position that the caller gave; absent when none was given.</param>
    /// <param name="Freshness">How far the index has come, as known a moment ago; absent when it is not known.</param>
    public sealed record Reply(
        IReadOnlyCollection<JsonElement> Hits, int Page, int PageSize, int TotalHits, int TotalPages, int ProcessingMs,
        bool? PositionReached, IndexFreshness? Freshness);

    public static void DescribeSearch(this RouteHandlerBuilder endpoint) => endpoint
        .Describe("Find orders", "Full text over the search index, with filters, sorting and exact totals. The index follows the "
            + "database: `freshness` says up to which position of the change feed it has everything, and how old the oldest "
            + "one of the feed is that it has not. Who has to find what he has just written sends "
            + "that reply's `Orders-Position`. An order id as `q` finds that order.")
        .Query("q", Values.Text(ApiLimits.SearchTextMax, min: 0), "Any words, in any order; typing errors are forgiven.", "calle")
        .Query("status", Values.OneOf(OrderStatuses.All).Many(), "Orders in one of these states only.", (string[])["placed"])
        .Query("customer_id", Values.Text(64), "Orders of this customer only.", Examples.CustomerId)
        .Query("placed_from", Values.Instant(), "Placed at or after.", "2020-01-01T00:00:00Z")
        .Query("placed_to", Values.Instant(), "Placed before.", "2100-01-01T00:00:00Z")
        .Query("bbox", Values.Text(200), "Going to an address in this area: `west,south,east,north` in degrees, edges included. Addresses "
            + "without a position are in no area.", BoundingBox.Example)
        .Query("sort", Values.OneOf(SortFields.Keys.SelectMany(field => (string[])[field, "-" + field]), "-placed_at"),
            "A leading - sorts downwards.", "-total")
        .Query("page", Values.Whole(1, HitsMax, 1), $"At most {HitsMax} hits can be reached: page x page_size.", 1)
        .Query("page_size", Values.Whole(1, ApiLimits.PageSizeMax, ApiLimits.PageSizeDefault), "Hits of one page.", 20)
        .Header(OrderPosition.Header, Values.Text(64), "From the reply to a write: the search waits, for a moment, until the index has "
            + "that. `position_reached` says whether it has.", CommonHeaders.Position.Example)
        .Replies(200, "One page of hits.", new SearchPage(
            [OrderDocument.From(Examples.Order)], 1, 20, 1, 1, 3, true, new IndexFreshness(20_127, 0.214, Examples.At)))
        .Refuses(ProblemTypes.SearchUnavailable);

    /// <summary><see cref="Reply"/> as the documentation shows it.</summary>
    private sealed record SearchPage(
        IReadOnlyList<OrderDocument> Hits, int Page, int PageSize, int TotalHits, int TotalPages, int ProcessingMs,
        bool? PositionReached, IndexFreshness? Freshness);

    public static async Task<IResult> Handle(
        [AsParameters] Query query, Caller caller, MeilisearchClient search, PositionWait wait, SearchFreshness freshness,
        CancellationToken cancel)
    {
        var check = new Check();
        if (query.Q is not null) check.Text("q", query.Q, max: ApiLimits.SearchTextMax, required: false);
        var size = Paging.Limit(query.PageSize, check, "page_size");
        var request = new SearchQuery
        {
            Filter = Filter(query, caller, check),
            Sort = Sort(query.Sort, check),
            Page = PageNumber(query.Page, size, check),
            HitsPerPage = size,
        };
        var position = Position(query.Position, check);
        if (check.Failed) return check.Problem;

        try
        {
            bool? reached = position is { } written ? await wait.ReachedAsync(written, caller, cancel) : null;
            // Known before the search, so the hits are at least that fresh.
            var known = freshness.Known;
            var found = await search.Index(WireNames.Indexes.Orders).SearchAsync<JsonElement>(Words(query), request, cancel);
            var page = (PaginatedSearchResult<JsonElement>)found;
            List<JsonElement> hits = [.. page.Hits.Where(hit => caller.CustomerId is null || IsOf(hit, caller.CustomerId))];
            return TypedResults.Ok(new Reply(
                hits, page.Page, page.HitsPerPage, page.TotalHits, page.TotalPages, page.ProcessingTimeMs, reached, known));
        }
        // An index is made before its settings. What is asked of it is right, so if it cannot sort or filter, it is not finished.
        catch (MeilisearchApiError error) when (error.Code is "index_not_found" or "invalid_search_sort" or "invalid_search_filter")
        {
            return Away("the search index is not made yet");
        }
        catch (Exception error) when (error is MeilisearchCommunicationError or HttpRequestException or MeilisearchTimeoutError)
        {
            return Away("the search engine does not answer");
        }
    }

    /// <summary>The engine compares texts without regard to case; who may see an order is not decided that way.</summary>
    private static bool IsOf(JsonElement hit, string customerId) =>
        hit.TryGetProperty("customer_id", out var id) && id.ValueEquals(customerId);

    private static IResult Away(string why) => Problems.Of(
        ProblemTypes.SearchUnavailable, why + "; reading and placing orders work");

    /// <summary>
    /// Only values that were parsed here enter the filter expression, and a customer's id, in which nothing can end a quotation.
    /// </summary>
    private static string? Filter(Query query, Caller caller, Check check)
    {
        var parts = new List<string>();
        if (OrderIds.IsId(query.Q)) parts.Add($"id = \"{query.Q}\"");
        if (caller.CustomerId is { } own) parts.Add($"customer_id = \"{own}\"");
        if (query.CustomerId is { } customer && KeyChecks.Customer(check, customer)) parts.Add($"customer_id = \"{customer}\"");
        if (query.Status is { Length: > 0 } statuses)
        {
            foreach (var status in statuses) check.OneOf("status", status, OrderStatuses.All);
            parts.Add($"status IN [{string.Join(", ", statuses.Distinct(StringComparer.Ordinal))}]");
        }

        if (Instant("placed_from", query.PlacedFrom, check) is { } from) parts.Add($"placed_at_ms >= {from}");
        if (Instant("placed_to", query.PlacedTo, check) is { } to) parts.Add($"placed_at_ms < {to}");
        if (BoundingBox.Parse("bbox", query.Box, check) is { } box) parts.Add(box.Filter);
        return parts.Count == 0 ? null : string.Join(" AND ", parts);
    }

    /// <summary>An order id is looked up, not searched for: ids are no words, and indexing them as words is dear.</summary>
    private static string Words(Query query) => OrderIds.IsId(query.Q) ? "" : query.Q ?? "";

    private static string? Instant(string field, string? text, Check check) =>
        check.Instant(field, text)?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static OrderPosition? Position(string? text, Check check)
    {
        if (text is null) return null;
        if (OrderPosition.TryParse(text, out var position)) return position;
        check.Fail(OrderPosition.Header, "must be as the reply to a write had it: an order's id, a colon, a version");
        return null;
    }

    private static string[] Sort(string? sort, Check check)
    {
        if (sort is null) return ["placed_at_ms:desc"];
        var descending = sort.StartsWith('-');
        if (SortFields.TryGetValue(descending ? sort[1..] : sort, out var field)) return [field + (descending ? ":desc" : ":asc")];
        check.Fail("sort", "must be one of " + string.Join(", ", SortFields.Keys) + "; a leading - sorts downwards");
        return [];
    }

    private static int PageNumber(string? text, int size, Check check)
    {
        if (text is null) return 1;
        var last = HitsMax / size;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page >= 1 && page <= last) return page;
        check.Fail("page", string.Create(
            CultureInfo.InvariantCulture, $"must be between 1 and {last} for this page size; narrow the search instead"));
        return 1;
    }
}

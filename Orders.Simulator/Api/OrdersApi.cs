using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orders.Simulator.Model;
using Polly.Timeout;

namespace Orders.Simulator.Api;

/// <summary>The API said no to something that must not fail: a table row or a read. The simulator cannot go on.</summary>
internal sealed class ApiRefusedException(string request, HttpStatusCode status, string body)
    : Exception($"{request} was answered with {(int)status}: {body}");

/// <summary>
/// The outcome of placing or cancelling: an order id or the reason why there is none, and the product that is sold out if that was it.
/// </summary>
internal readonly record struct OrderReply(string? OrderId, FailureKind? Failure, int? Status = null, string? SoldOut = null);

/// <summary>Orders.Api as the simulator uses it.</summary>
internal sealed class OrdersApi(HttpClient http, ApiRetries retries)
{
    /// <summary>The API's own limit of a page.</summary>
    public const int PageSize = 200;

    public const string IdempotencyKey = "Idempotency-Key";

    private const string OutOfStock = "/problems/out_of_stock";

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Ndjson = new("application/x-ndjson");

    public Task<TableCounts> CountAsync(CancellationToken cancel) =>
        GetAsync("/v1/stats", ApiJson.Default.TableCounts, cancel);

    /// <summary>Upserts records; the API stores all of them or none.</summary>
    public async Task ImportAsync<T>(string table, IReadOnlyList<T> records, JsonTypeInfo<IReadOnlyList<T>> type, CancellationToken cancel)
    {
        var path = $"/v1/{table}/import";
        var body = JsonSerializer.SerializeToUtf8Bytes(records, type);
        using var response = await retries.Repeatable.ExecuteAsync(
            async ct => await SendAsync(HttpMethod.Post, path, body, null, ct), cancel);
        await RefuseAsync(path, response, cancel);
    }

    /// <summary>
    /// Sends lines of orders once; the caller decides what a reply or a broken connection means. Nothing of the body goes out before
    /// the API wants it: who is turned away has sent nothing.
    /// </summary>
    public async Task<HttpResponseMessage> SendOrdersAsync(HttpContent lines, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders/import") { Content = lines };
        request.Content.Headers.ContentType = Ndjson;
        request.Headers.ExpectContinue = true;
        return await http.SendAsync(request, cancel);
    }

    /// <summary>A page of what search finds; repeated until the API answers.</summary>
    public Task<SearchPage> SearchAsync(string query, CancellationToken cancel) =>
        GetAsync("/v1/orders/search?" + query, ApiJson.Default.SearchPage, cancel);

    /// <summary>Sends a change once; the caller decides what a reply, its body or a broken connection means.</summary>
    public Task<HttpResponseMessage> SendOnceAsync(string path, byte[] body, string key, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, path, body, key, cancel);

    /// <summary>A reply whose body is read while it comes; repeated until the API begins to answer.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancel)
    {
        var response = await retries.Repeatable.ExecuteAsync(
            async ct => await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct), cancel);
        await RefuseAsync(path, response, cancel);
        return response;
    }

    /// <summary>A reply's body, repeated until the API answers; null: there is no such thing.</summary>
    public async Task<byte[]?> TryReadAsync(string path, CancellationToken cancel)
    {
        using var response = await retries.Repeatable.ExecuteAsync(async ct => await http.GetAsync(path, ct), cancel);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        await RefuseAsync(path, response, cancel);
        return await response.Content.ReadAsByteArrayAsync(cancel);
    }

    public async Task<bool> ExistsAsync(string path, CancellationToken cancel)
    {
        using var response = await retries.Repeatable.ExecuteAsync(async ct => await http.GetAsync(path, ct), cancel);
        if (response.StatusCode == HttpStatusCode.NotFound) return false;
        await RefuseAsync(path, response, cancel);
        return true;
    }

    /// <summary>All rows of a list. <paramref name="path"/> may carry a query.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path, JsonTypeInfo<Page<T>> type, CancellationToken cancel)
    {
        var rows = new List<T>();
        await foreach (var page in PagesAsync(path, type, cancel)) rows.AddRange(page.Items);
        return rows;
    }

    /// <summary>A list page by page, for as long as somebody wants the next one. <paramref name="path"/> may carry a query.</summary>
    public async IAsyncEnumerable<Page<T>> PagesAsync<T>(
        string path, JsonTypeInfo<Page<T>> type, [EnumeratorCancellation] CancellationToken cancel)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        string? cursor = null;
        do
        {
            var from = cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor);
            var page = await GetAsync($"{path}{separator}limit={PageSize}{from}", type, cancel);
            yield return page;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    public Task<OrderReply> PlaceAsync(OrderIntent intent, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(intent.Request, ApiJson.Default.PlaceOrderRequest);
        return DecideAsync("/v1/orders", body, intent.IdempotencyKey.ToString(), cancel,
            refusal => SoldOutAsync(refusal, intent.Request, cancel));
    }

    /// <summary>The product that an order was refused for because it is sold out; null: it was another reason.</summary>
    public static async Task<string?> SoldOutAsync(HttpResponseMessage refusal, PlaceOrderRequest order, CancellationToken cancel)
    {
        if (refusal.StatusCode != HttpStatusCode.Conflict) return null;
        if (refusal.Content.Headers.ContentType?.MediaType != "application/problem+json") return null;
        var problem = await refusal.Content.ReadFromJsonAsync(ApiJson.Default.Refusal, cancel);
        if (problem?.Type != OutOfStock) return null;
        var line = order.Items.Select((_, index) => FormattableString.Invariant($"items[{index}].product_id")).ToList()
            .IndexOf(problem.Errors?.FirstOrDefault()?.Field ?? "");
        return line < 0 ? null : order.Items[line].ProductId;
    }

    /// <summary>Puts pieces on a product's shelf. Not tried twice: who wonders whether it worked finds out at the next order.</summary>
    public Task<OrderReply> RestockAsync(string productId, int pieces, CancellationToken cancel) => DecideAsync(
        $"/v1/products/{Uri.EscapeDataString(productId)}/stock",
        JsonSerializer.SerializeToUtf8Bytes(new StockChange(pieces), ApiJson.Default.StockChange), null, cancel);

    public Task<OrderReply> CancelAsync(string orderId, string reason, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new CancelRequest(reason), ApiJson.Default.CancelRequest);
        return DecideAsync($"/v1/orders/{orderId}/cancel", body, null, cancel);
    }

    private async Task<OrderReply> DecideAsync(
        string path, byte[] body, string? key, CancellationToken cancel, Func<HttpResponseMessage, Task<string?>>? soldOut = null)
    {
        try
        {
            using var response = await retries.Once.ExecuteAsync(
                async ct => await SendAsync(HttpMethod.Post, path, body, key, ct), cancel);
            var reply = Understand(response);
            return soldOut is not null && response.StatusCode == HttpStatusCode.Conflict
                ? reply with { SoldOut = await soldOut(response) }
                : reply;
        }
        catch (TimeoutRejectedException)
        {
            return new OrderReply(null, FailureKind.Timeout);
        }
        catch (HttpRequestException error)
        {
            return new OrderReply(null, ApiRetries.NeverConnected(error) ? FailureKind.Unavailable : FailureKind.ConnectionLost);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new OrderReply(null, FailureKind.Interrupted);
        }
    }

    /// <summary>What a reply means for an order.</summary>
    public static OrderReply Understand(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode) return new OrderReply(response.Headers.Location?.OriginalString.Split('/')[^1], null, status);
        var kind = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => FailureKind.Throttled,
            HttpStatusCode.ServiceUnavailable => FailureKind.Unavailable,
            >= HttpStatusCode.InternalServerError => FailureKind.ServerError,
            _ => FailureKind.Rejected,
        };
        return new OrderReply(null, kind, status);
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var response = await retries.Repeatable.ExecuteAsync(async ct => await http.GetAsync(path, ct), cancel);
        await RefuseAsync(path, response, cancel);
        return await response.Content.ReadFromJsonAsync(type, cancel) ?? throw new JsonException($"{path} answered null");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[] body, string? key, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        if (key is not null) request.Headers.Add(IdempotencyKey, key);
        return await http.SendAsync(request, cancel);
    }

    private static async Task RefuseAsync(string request, HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.IsSuccessStatusCode) return;
        throw new ApiRefusedException(request, response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
    }
}

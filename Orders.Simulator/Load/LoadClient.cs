using System.Net.Http.Headers;
using System.Text.Json;
using Orders.Simulator.Api;
using Orders.Simulator.Model;

namespace Orders.Simulator.Load;

/// <summary>What became of a request.</summary>
/// <param name="Failure">Null: it succeeded.</param>
/// <param name="Said">What the API, or the network, said about a failure.</param>
internal readonly record struct LoadReply(
    FailureKind? Failure, int? Status = null, string? OrderId = null, string? SoldOut = null, string? Said = null);

/// <summary>
/// Sends a request once: a 429 or a 503 is a result, not a reason to try again. A reply counts when its last byte is there. The time
/// limit is that of <paramref name="http"/>.
/// </summary>
internal sealed class LoadClient(HttpClient http)
{
    private const int SaidMax = 300;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task<LoadReply> PlaceAsync(OrderIntent intent, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders");
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(intent.Request, ApiJson.Default.PlaceOrderRequest));
        request.Content.Headers.ContentType = Json;
        request.Headers.Add(OrdersApi.IdempotencyKey, intent.IdempotencyKey.ToString());
        return await SendAsync(request, intent.Request, cancel);
    }

    public async Task<LoadReply> GetAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, null, cancel);
    }

    private async Task<LoadReply> SendAsync(HttpRequestMessage request, PlaceOrderRequest? order, CancellationToken cancel)
    {
        try
        {
            using var response = await http.SendAsync(request, cancel);
            var reply = OrdersApi.Understand(response);
            if (reply.Failure is null) return new LoadReply(null, reply.Status, order is null ? null : reply.OrderId);
            var soldOut = order is null ? null : await OrdersApi.SoldOutAsync(response, order, cancel);
            return new LoadReply(reply.Failure, reply.Status, null, soldOut, Short(await response.Content.ReadAsStringAsync(cancel)));
        }
        catch (HttpRequestException error)
        {
            var kind = ApiRetries.NeverConnected(error) ? FailureKind.Unavailable : FailureKind.ConnectionLost;
            return new LoadReply(kind, Said: Short(error.Message));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new LoadReply(FailureKind.Interrupted);
        }
        catch (OperationCanceledException)
        {
            return new LoadReply(FailureKind.Timeout, Said: FormattableString.Invariant($"no reply within {http.Timeout.TotalSeconds} s"));
        }
    }

    private static string Short(string text) => text.Length <= SaidMax ? text : text[..SaidMax] + "...";
}

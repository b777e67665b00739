using System.Net;
using System.Text;
using System.Text.Json;
using Orders.Contracts;
using Orders.Simulator.Api;

namespace Orders.Simulator.Verification;

/// <summary>What the API has decided about a request.</summary>
/// <param name="Order">The order after it; null: refused.</param>
/// <param name="Json">That order's bytes.</param>
/// <param name="IsReplay">An earlier one with the same key had been carried out.</param>
/// <param name="Why">The refusal.</param>
internal sealed record Decision(OrderState? Order, byte[] Json, bool IsReplay, string? Why, string? SoldOut = null);

/// <summary>
/// Sends a request until the API has decided about it. Sent again it is the same request with the same key, so that it is carried out
/// once however often it comes: what a lost reply has left open is known as soon as one comes back.
/// </summary>
/// <param name="attempt">How long one reply may take.</param>
/// <param name="patience">How long a request may go undecided.</param>
internal sealed class VerifyClient(OrdersApi api, TimeProvider time, TimeSpan attempt, TimeSpan patience)
{
    private const string ReplayedHeader = "Idempotency-Replayed";
    private const string PositionHeader = "Orders-Position";
    private const string Refunds = "/refunds";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private long _turnedAway;

    /// <summary>Replies 429 and 503, and connections that never came to be: nothing had been done.</summary>
    public long TurnedAway => Interlocked.Read(ref _turnedAway);

    /// <param name="intent">The request.</param>
    /// <param name="wonder">Called when nobody knows what came of it, with the reason; before it is sent again.</param>
    /// <param name="cancel">Leaves it undecided.</param>
    /// <exception cref="TimeoutException">The API has not decided; the message is the last reason.</exception>
    /// <exception cref="ApiRefusedException">The key is no good.</exception>
    public async Task<Decision> DecideAsync(LedgerIntent intent, Func<string, ValueTask> wonder, CancellationToken cancel)
    {
        var body = intent.Body is { } text ? Encoding.UTF8.GetBytes(text) : [];
        long? failing = null;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var (decision, problem) = await TryAsync(intent, body, cancel);
            if (decision is not null) return decision;
            if (problem!.MayBeDone) await wonder(problem.Reason);
            else Interlocked.Increment(ref _turnedAway);
            failing ??= time.GetTimestamp();
            if (time.GetElapsedTime(failing.Value) >= patience) throw new TimeoutException(problem.Reason);
            var wait = problem.Asked is { } asked
                ? (asked < LongestPause ? asked : LongestPause) : pause * (0.5 + (Random.Shared.NextDouble() / 2));
            await Task.Delay(wait, time, cancel);
        }
    }

    private async Task<(Decision? Decision, Trouble? Problem)> TryAsync(LedgerIntent intent, byte[] body, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(attempt);
        try
        {
            using var response = await api.SendOnceAsync(intent.Path, body, intent.Key, limit.Token);
            var reply = await response.Content.ReadAsByteArrayAsync(limit.Token);
            if (response.IsSuccessStatusCode) return await AcceptedAsync(intent, response, reply, limit.Token);
            return Understand(intent, response, reply);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, new Trouble(true, FormattableString.Invariant($"no reply within {attempt.TotalSeconds:0.#} s")));
        }
        catch (HttpRequestException error) when (!cancel.IsCancellationRequested)
        {
            return (null, new Trouble(!ApiRetries.NeverConnected(error), error.Message));
        }
        catch (IOException error) when (!cancel.IsCancellationRequested)
        {
            return (null, new Trouble(true, error.Message));
        }
    }

    /// <summary>
    /// A refund is answered with its entry in the ledger: the order that it led to is read at the version that the reply names.
    /// </summary>
    private async Task<(Decision?, Trouble?)> AcceptedAsync(
        LedgerIntent intent, HttpResponseMessage response, byte[] reply, CancellationToken cancel)
    {
        var isReplay = response.Headers.Contains(ReplayedHeader);
        if (intent.Path.EndsWith(Refunds, StringComparison.Ordinal))
        {
            var position = response.Headers.GetValues(PositionHeader).Single();
            var version = position[(position.LastIndexOf(':') + 1)..];
            if (await api.TryReadAsync($"{intent.Path[..^Refunds.Length]}?version={version}", cancel) is not { } order)
                return (null, new Trouble(true, $"version {version} is not there"));
            reply = order;
        }

        return (new Decision(JsonSerializer.Deserialize(reply, OrdersJson.Default.OrderState)!, reply, isReplay, null), null);
    }

    private static (Decision?, Trouble?) Understand(LedgerIntent intent, HttpResponseMessage response, byte[] reply)
    {
        var (status, problem) = ((int)response.StatusCode, Problem(reply));
        var why = FormattableString.Invariant($"{status} {problem?.Type?.Split('/')[^1]}").TrimEnd();
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw new ApiRefusedException(intent.Path, response.StatusCode, Encoding.UTF8.GetString(reply));
            case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                return (null, new Trouble(false, "the API answered " + why, response.Headers.RetryAfter?.Delta));
            case >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout:
                return (null, new Trouble(true, "the API answered " + why));
            case HttpStatusCode.Conflict when why.EndsWith("contended", StringComparison.Ordinal):
                return (null, new Trouble(false, "the API answered " + why));
            default:
                return (new Decision(null, reply, false, why, SoldOut(intent, why, problem)), null);
        }
    }

    private static string? SoldOut(LedgerIntent intent, string why, Refusal? problem)
    {
        if (intent.Step > 0 || !why.EndsWith("out_of_stock", StringComparison.Ordinal)) return null;
        var items = JsonSerializer.Deserialize(intent.Body!, ApiJson.Default.PlaceOrderRequest)!.Items;
        var field = problem?.Errors?.FirstOrDefault()?.Field;
        return items.Where((_, index) => field == FormattableString.Invariant($"items[{index}].product_id")).FirstOrDefault()?.ProductId;
    }

    private static Refusal? Problem(byte[] reply)
    {
        try
        {
            return JsonSerializer.Deserialize(reply, ApiJson.Default.Refusal);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="MayBeDone">It may have been carried out.</param>
    /// <param name="Asked">What the API wants to be waited.</param>
    private sealed record Trouble(bool MayBeDone, string Reason, TimeSpan? Asked = null);
}

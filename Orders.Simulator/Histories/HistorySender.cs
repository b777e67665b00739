using System.Net;
using System.Text.Json;
using Orders.Simulator.Api;

namespace Orders.Simulator.Histories;

/// <summary>
/// Sends a history part by part, in order. A part that was not acknowledged is sent again until it is: what of it is there already is
/// unchanged, so it does no harm, and nothing but its number has to be kept for that.
/// </summary>
/// <param name="patience">How long one part may fail before the API counts as away.</param>
/// <param name="note">Told when a part has to be sent again.</param>
internal sealed class HistorySender(
    OrdersApi api, HistorySource source, HistoryProgress progress, TimeProvider time, TimeSpan patience, Action<string> note)
{
    /// <summary>An import waits for a pipeline that is behind, and for a database that restarts; it does not wait for ever.</summary>
    private static readonly TimeSpan AttemptMax = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromSeconds(15);

    /// <exception cref="ApiRefusedException">The API does not want the part, whenever it comes.</exception>
    /// <exception cref="TimeoutException">The part kept failing; the message is the last reason.</exception>
    public async Task<ImportReport> SendAsync(long first, long count, CancellationToken cancel)
    {
        long? failing = null;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var (report, reason, asked) = await TryAsync(first, count, cancel);
            if (report is not null) return report;
            failing ??= time.GetTimestamp();
            if (time.GetElapsedTime(failing.Value) >= patience) throw new TimeoutException(reason);
            // All who were turned away together shall not come back together.
            var wait = asked ?? (pause * (0.5 + (Random.Shared.NextDouble() / 2)));
            note(FormattableString.Invariant($"orders from {first} on: {reason}; sending them again in {wait.TotalSeconds:F1} s"));
            await Task.Delay(wait, time, cancel);
        }
    }

    private async Task<(ImportReport? Report, string Reason, TimeSpan? Asked)> TryAsync(long first, long count, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AttemptMax);
        progress.SentUpTo(first);
        try
        {
            using var response = await api.SendOrdersAsync(
                new OrderLinesContent(source, first, count, progress.SentUpTo), limit.Token);
            if (!IsTransient(response.StatusCode))
                return (await ReadAsync(response, count, limit.Token), "", null);
            var asked = response.Headers.RetryAfter?.Delta;
            return (null, FormattableString.Invariant($"the API answered {(int)response.StatusCode}"),
                asked is null || asked < LongestAsked ? asked : LongestAsked);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, FormattableString.Invariant($"no reply within {AttemptMax.TotalMinutes:F0} minutes"), null);
        }
        catch (Exception error) when (error is HttpRequestException or IOException && !cancel.IsCancellationRequested)
        {
            return (null, error.Message, null);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // A body that stops in the middle shows as a broken connection.
            throw new OperationCanceledException(error.Message, error, cancel);
        }
    }

    private static async Task<ImportReport> ReadAsync(HttpResponseMessage response, long count, CancellationToken cancel)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            var report = await response.Content.ReadFromJsonAsync(ApiJson.Default.ImportReport, cancel)
                ?? throw new JsonException("the import was answered with null");
            if (report.Lines == count) return report;
        }

        throw new ApiRefusedException("/v1/orders/import", response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
    }

    /// <summary>Among the others a key that lacks a scope: sending again would not help.</summary>
    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;
}

using System.Net;
using Orders.Simulator.Api;
using Polly.Timeout;

namespace Orders.Simulator.Verification;

/// <summary>Reads from the API that are repeated until they succeed, but not for ever.</summary>
internal sealed class PatientApi(OrdersApi api, TimeSpan patience)
{
    public TimeSpan Patience => patience;

    /// <returns>Null: there is no such thing.</returns>
    /// <exception cref="TimeoutException">The API does not answer.</exception>
    public Task<byte[]?> TryReadAsync(string path, CancellationToken cancel) =>
        WithinAsync(path, token => api.TryReadAsync(path, token), cancel);

    /// <exception cref="ApiRefusedException">There is no such thing.</exception>
    /// <exception cref="TimeoutException">The API does not answer.</exception>
    public async Task<byte[]> ReadAsync(string path, CancellationToken cancel) =>
        await TryReadAsync(path, cancel) ?? throw new ApiRefusedException(path, HttpStatusCode.NotFound, "there is no such thing");

    /// <inheritdoc cref="ReadAsync"/>
    public Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancel) =>
        WithinAsync(path, token => api.OpenAsync(path, token), cancel);

    public Task<OrderReply> RestockAsync(string productId, int pieces, CancellationToken cancel) =>
        api.RestockAsync(productId, pieces, cancel);

    /// <summary>Asks for something once.</summary>
    public Task<HttpResponseMessage> SendOnceAsync(string path, byte[] body, string key, CancellationToken cancel) =>
        WithinAsync(path, token => api.SendOnceAsync(path, body, key, token), cancel);

    private async Task<T> WithinAsync<T>(string what, Func<CancellationToken, Task<T>> request, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            return await request(limit.Token);
        }
        catch (Exception error) when (
            error is OperationCanceledException or TimeoutRejectedException && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException(FormattableString.Invariant(
                $"{what.Split('?')[0]} was not answered within {patience.TotalSeconds:F0} s"));
        }
    }
}

using Meilisearch;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Features.Reading;
using Orders.Api.Http;

namespace Orders.Api.Features.Searching;

/// <summary>
/// Waits until the index has what the caller has written. Only for orders that are there and that the caller may see: nobody can make
/// searches wait for nothing, or learn of others' orders by how long one takes. Bounded in time and number.
/// </summary>
internal sealed class PositionWait(
    MeilisearchClient search, OrderReader reader, IOptions<SearchingOptions> options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _waiters = new(options.Value.WaitersMax);

    /// <summary>True when the index has the order at that version or a later one.</summary>
    /// <exception cref="MeilisearchCommunicationError">The search engine does not answer.</exception>
    public async Task<bool> ReachedAsync(OrderPosition position, Caller caller, CancellationToken cancel)
    {
        if (await reader.GetAsync(position.OrderId, caller, cancel) is not { } order || order.Version < position.Version) return false;
        if (await IsThereAsync(position, cancel)) return true;
        if (!await _waiters.WaitAsync(TimeSpan.Zero, cancel)) return false;
        try
        {
            var since = time.GetTimestamp();
            while (time.GetElapsedTime(since) < options.Value.PositionWait)
            {
                await Task.Delay(options.Value.PositionLook, time, cancel);
                if (await IsThereAsync(position, cancel)) return true;
            }

            return false;
        }
        finally
        {
            _waiters.Release();
        }
    }

    public void Dispose() => _waiters.Dispose();

    private Task<bool> IsThereAsync(OrderPosition position, CancellationToken cancel) =>
        search.HasOrderAsync(position.OrderId, position.Version, cancel);
}

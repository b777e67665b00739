using System.Net;
using System.Text.Json;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Searching;

/// <summary>
/// Goes on searching and writing while something happens, and finds out whether a search failed, found fewer orders than one before, or
/// an older version of one.
/// </summary>
internal sealed class WatchedSearches(OrdersApplication app, Shop shop, string productId) : IAsyncDisposable
{
    // Not as fast as they are answered, or what is watched would mostly wait for the watching.
    private static readonly TimeSpan SearchPace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WritePace = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly List<OrderState> _written = [];
    private readonly List<string> _wrong = [];
    private Task _work = Task.CompletedTask;
    private int _most;

    public int Searches { get; private set; }

    public IReadOnlyList<OrderState> Written => _written;

    public void Start() => _work = Task.WhenAll(Task.Run(SearchAsync), Task.Run(WriteAsync));

    /// <summary>Ends it and fails if anything was wrong.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _work;
        Assert.Empty(_wrong);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task SearchAsync()
    {
        using var pace = new PeriodicTimer(SearchPace);
        while (await pace.WaitForNextTickAsync() && !_end.IsCancellationRequested)
        {
            var reply = await app.Api.GetAsync($"/v1/orders/search?q={shop.Word}&sort=-updated_at&page_size=200");
            var body = await reply.Content.ReadAsStringAsync();
            if (reply.StatusCode == HttpStatusCode.OK) Compare(JsonSerializer.Deserialize<JsonElement>(body));
            else _wrong.Add($"search {Searches}: {reply.StatusCode} {body}");
            Searches++;
        }
    }

    private void Compare(JsonElement page)
    {
        var total = page.GetProperty("total_hits").GetInt32();
        if (total < _most) _wrong.Add($"search {Searches}: {total} after {_most}");
        _most = Math.Max(_most, total);
        foreach (var hit in page.GetProperty("hits").EnumerateArray())
        {
            var (id, version) = (hit.GetProperty("id").GetString()!, hit.GetProperty("version").GetInt32());
            if (version < _seen.GetValueOrDefault(id)) _wrong.Add($"search {Searches}: {id} version {version} after {_seen[id]}");
            _seen[id] = version;
        }
    }

    private async Task WriteAsync()
    {
        using var pace = new PeriodicTimer(WritePace);
        while (await pace.WaitForNextTickAsync() && !_end.IsCancellationRequested)
        {
            var order = await shop.PlaceAsync((productId, 1));
            if (_written.Count % 2 == 0) order = await shop.DoAsync(order, "confirm");
            if (_written.Count % 4 == 0) order = await shop.DoAsync(order, "cancel");
            _written.Add(order);
        }
    }
}

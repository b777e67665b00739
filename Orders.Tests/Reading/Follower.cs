using System.Net;
using System.Text.Json;

namespace Orders.Tests.Reading;

/// <summary>A change as a follower of the feed has seen it.</summary>
internal sealed record SeenChange(long Position, string Type, string OrderId, int Version);

/// <summary>A client of <c>GET /v1/orders/changes</c> that goes on where it was, whatever happens to the api meanwhile.</summary>
internal sealed class Follower(HttpClient client, long after, string more = "&wait=5")
{
    private readonly List<SeenChange> _seen = [];

    public long After { get; private set; } = after;

    public IReadOnlyList<SeenChange> Seen
    {
        get
        {
            lock (_seen) return [.. _seen];
        }
    }

    public static async Task<long> NewestAsync(HttpClient client) =>
        (await ReadAsync(client, "/v1/orders/changes?limit=1")).GetProperty("newest").GetInt64();

    /// <summary>Follows until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await StepAsync();
            }
            catch (HttpRequestException)
            {
                // The api is away; the position is not.
            }
            catch (TaskCanceledException)
            {
                // It was killed while the request waited, and nobody said so.
            }
        }
    }

    /// <summary>One request.</summary>
    public async Task<JsonElement> StepAsync()
    {
        var page = await ReadAsync(client, $"/v1/orders/changes?after={After}{more}");
        var items = page.GetProperty("items").EnumerateArray().Select(item => new SeenChange(
            item.GetProperty("position").GetInt64(), item.GetProperty("type").GetString()!,
            item.GetProperty("order").GetProperty("id").GetString()!, item.GetProperty("order").GetProperty("version").GetInt32()));
        lock (_seen) _seen.AddRange(items);
        After = page.GetProperty("next_after").GetInt64();
        return page;
    }

    private static async Task<JsonElement> ReadAsync(HttpClient client, string address)
    {
        using var reply = await client.GetAsync(address);
        if (reply.StatusCode is not HttpStatusCode.OK)
            throw new HttpRequestException($"{address}: {(int)reply.StatusCode} {await reply.Content.ReadAsStringAsync()}");
        return JsonSerializer.Deserialize<JsonElement>(await reply.Content.ReadAsStringAsync());
    }
}

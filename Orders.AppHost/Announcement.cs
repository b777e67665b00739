using System.Text.Json;

/// <summary>Tells on the console where to go: once, as soon as a search finds an order.</summary>
internal static class Announcement
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static int s_said;

    /// <param name="api">The api's address.</param>
    /// <param name="key">The key that is shown with it.</param>
    /// <param name="ordersCome">Whether orders are on their way: the first one is waited for, for 30 s.</param>
    /// <param name="cancel">The application ends.</param>
    public static async Task SayAsync(string api, string? key, bool ordersCome, CancellationToken cancel)
    {
        // A resource is ready again after each restart of it.
        if (Interlocked.Exchange(ref s_said, 1) == 1) return;
        var search = new Uri($"{api}/v1/orders/search?q=calle&page_size=3");
        if (ordersCome) await FindAsync(search, key, cancel);
        Console.WriteLine($"""

            Orders is up.
              API documentation   {api}/docs
              API key             {key}
              Search orders       curl -H 'Authorization: Bearer {key}' '{search}'
            """);
    }

    private static async Task FindAsync(Uri search, string? key, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!await FindsAsync(http, search, patience.Token)) await timer.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Said all the same: orders may come later, and what is wrong stands in the dashboard.
        }
    }

    private static async Task<bool> FindsAsync(HttpClient http, Uri search, CancellationToken cancel)
    {
        try
        {
            using var found = JsonDocument.Parse(await http.GetByteArrayAsync(search, cancel));
            return found.RootElement.GetProperty("total_hits").GetInt32() > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

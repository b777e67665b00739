using System.Text.Json;

namespace Orders.Simulator.Verification;

/// <summary>
/// Orders by id, which is what the cache answers, and their histories. There is no way to ask for many at once, so these are the sampled
/// orders, the first and last ones, and those whose outcome was unknown at one time.
/// </summary>
internal sealed class ReadCheck(
    PatientApi api, OrderComparer comparer, VerifyOrders orders, VerifyBook book, Findings findings, VerifyProgress progress)
{
    private const int AtOnce = 8;
    private const int EdgeOrders = 25;
    private const int HistoriesMax = 1000;

    public async Task RunAsync(CancellationToken cancel)
    {
        List<int> wanted = [.. Enumerable.Range(0, book.Count).Where(IsWanted)];
        progress.Begin(Places.Cache, wanted.Count);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForEachAsync(wanted.Index(), options, async (one, token) =>
        {
            await ReadAsync(one.Item, token);
            if (one.Index < HistoriesMax) await HistoryAsync(one.Item, token);
            progress.Advance();
        });
    }

    private bool IsWanted(int number) => book[number] is { Exists: true } known
        && (known.WasUnknown || number < EdgeOrders || number >= book.Count - EdgeOrders || orders.At(number).IsSampled);

    private async Task ReadAsync(int number, CancellationToken cancel)
    {
        var known = book[number];
        if (await api.TryReadAsync("/v1/orders/" + known.OrderId, cancel) is { } json)
            comparer.Compare(Places.Cache, number, json, known.Version);
        else
            comparer.Add(Places.Cache, "lost", number);
    }

    /// <summary>A line for each version, and no more.</summary>
    private async Task HistoryAsync(int number, CancellationToken cancel)
    {
        var known = book[number];
        if (known.IsOpen || await api.TryReadAsync($"/v1/orders/{known.OrderId}/history?limit=200", cancel) is not { } json) return;
        findings.Looked(Places.History);
        using var page = JsonDocument.Parse(json);
        var found = string.Join(' ', page.RootElement.GetProperty("items").EnumerateArray()
            .Select(entry => entry.GetProperty("version").GetRawText()));
        var expected = string.Join(' ', Enumerable.Range(1, known.Version));
        if (found != expected) comparer.Add(Places.History, "content", number, new FieldDifference("versions", expected, found));
    }
}

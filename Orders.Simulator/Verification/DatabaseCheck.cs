using System.Text;
using System.Text.Json;

namespace Orders.Simulator.Verification;

/// <summary>
/// All orders of the run's channel, as one export of the database has them, against all that were acknowledged: each once, with its
/// content, and nothing else. Both directions, one stream, one bit an order.
/// </summary>
internal sealed class DatabaseCheck(PatientApi api, OrderComparer comparer, VerifyBook book, Findings findings, VerifyProgress progress)
{
    private const int AttemptsMax = 5;

    /// <summary>Lost orders that are asked for one by one, to say more about them.</summary>
    private const int AskedMax = 20;

    /// <exception cref="TimeoutException">No export came to its end.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExportAsync(cancel);
                return;
            }
            // A stream without its end is not whole, and says nothing about what it lacks.
            catch (Exception error) when (
                error is HttpRequestException or IOException or OperationCanceledException && !cancel.IsCancellationRequested)
            {
                if (attempt == AttemptsMax) throw new TimeoutException("the export kept breaking off: " + error.Message);
            }
        }
    }

    private async Task ExportAsync(CancellationToken cancel)
    {
        progress.Begin(Places.Database, book.Totals.Acknowledged);
        var (seen, strays) = (new bool[book.Count], new List<JsonElement>());
        using var response = await api.OpenAsync("/v1/orders/export?channel=" + comparer.Plan.Channel, cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        using var lines = new StreamReader(stream, Encoding.UTF8);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(api.Patience);
        while (await lines.ReadLineAsync(limit.Token) is { } line)
        {
            limit.CancelAfter(api.Patience);
            Look(line, seen, strays);
            progress.Advance();
        }

        Tell(strays);
        await LostAsync(seen, cancel);
    }

    private void Look(string line, bool[] seen, List<JsonElement> strays)
    {
        using var order = JsonDocument.Parse(line);
        var number = comparer.Plan.NumberOf(Text(order.RootElement, "external_id"));
        if (number is not { } known || known >= book.Count)
        {
            if (strays.Count < Findings.KeptMax) strays.Add(order.RootElement.Clone());
            return;
        }

        var entry = book[known];
        var id = Text(order.RootElement, "id");
        if (!entry.Exists && entry.IsOpen) return;
        if (!entry.Exists)
            comparer.Add(Places.Database, "stray", known, new FieldDifference("", "none: the API has refused it", $"order {id}"));
        else if (seen[known])
            comparer.Add(Places.Database, "doubled", known, new FieldDifference("id", entry.OrderId, id ?? ""));
        else
            comparer.Compare(Places.Database, known, Encoding.UTF8.GetBytes(line), entry.Version);
        seen[known] = true;
    }

    /// <summary>Orders of the channel that have none of the run's ids. One of another's instant is its double.</summary>
    private void Tell(List<JsonElement> strays)
    {
        if (strays.Count == 0) return;
        var byInstant = new Dictionary<DateTimeOffset, int>();
        for (var number = 0; number < book.Count; number++)
        {
            if (book[number] is { Exists: true } known) byInstant[known.PlacedAt] = number;
        }

        foreach (var stray in strays)
        {
            var id = Text(stray, "id");
            if (stray.TryGetProperty("placed_at", out var at) && at.TryGetDateTimeOffset(out var then)
                && byInstant.TryGetValue(then, out var number))
                comparer.Add(
                    Places.Database, "doubled", number, new FieldDifference("id", book[number].OrderId, id + " as well"));
            else
                findings.Add(new Difference(
                    Places.Database, "stray", Text(stray, "external_id") ?? comparer.Plan.Channel, id, null, "no such order", "one"));
        }
    }

    private async Task LostAsync(bool[] seen, CancellationToken cancel)
    {
        var asked = 0;
        for (var number = 0; number < seen.Length; number++)
        {
            if (seen[number] || book[number] is not { Exists: true } known) continue;
            var found = "nothing";
            if (asked++ < AskedMax && await api.TryReadAsync("/v1/orders/" + known.OrderId, cancel) is { } json)
            {
                using var order = JsonDocument.Parse(json);
                var (external, channel) = (Text(order.RootElement, "external_id"), Text(order.RootElement, "channel"));
                found = $"an order that is answered by id only, external id {external}, channel {channel}";
            }

            comparer.Add(Places.Database, "lost", number, new FieldDifference("", "one order", found));
        }
    }

    private static string? Text(JsonElement order, string name) => order.TryGetProperty(name, out var value) ? value.GetString() : null;
}

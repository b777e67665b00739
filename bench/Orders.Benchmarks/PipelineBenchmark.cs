using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Orders.ServiceDefaults.Freshness;

namespace Orders.Benchmarks;

/// <summary>
/// From a commit to Kafka and to the search index: a history of orders against Meilisearch's own import of the same documents, delays under
/// an even load, how fast a backlog goes, and at the end the proof that everything agrees.
/// </summary>
internal sealed class PipelineBenchmark(RunningOrders orders, Shop shop, ImportShop history)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly MeilisearchServer _search = new(orders.Search);
    private long _sent;

    public async Task<bool> RunAsync(int historyLines, TimeSpan duration)
    {
        await using var database = NpgsqlDataSource.Create(orders.Connection);
        var reached = await BackfillAsync(historyLines);
        reached &= await SearchableAsync(database, duration);
        reached &= await PublishedAsync(database, duration);
        reached &= await DrainedAsync(database, duration);
        return reached & await AgreesAsync();
    }

    private async Task<bool> BackfillAsync(int lines)
    {
        var before = await _search.CountAsync("orders");
        var started = TimeProvider.System.GetTimestamp();
        var imported = await history.ImportAsync(lines);
        await UntilAsync(async () => await _search.CountAsync("orders") >= before + lines, "all of them are in the index");
        var rate = lines / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        Say($"  {lines} orders were written at {imported:0}/s and are searchable at {rate:0}/s");
        var reference = await _search.ImportRateAsync("orders");
        return Report.Ratio("history, generation to searchable", rate, "Meilisearch's import of the same documents", reference, 0.60);
    }

    private async Task<bool> SearchableAsync(NpgsqlDataSource database, TimeSpan duration)
    {
        var documents = await _search.CountAsync("orders");
        var started = await NowAsync(database);
        var delays = new List<double>();
        var probing = ProbeAsync(delays, duration);
        var placed = await PlaceAsync(100, duration);
        await probing;
        await CaughtUpAsync(database, started);
        Say($"  {placed / duration.TotalSeconds:0} orders/s with {documents} documents in the index, {delays.Count} of them followed");
        return Report.Delay("commit to searchable", delays, p50: 500, p99: 2000);
    }

    /// <summary>
    /// Two clocks: the commit that the log records, and the request's own instant, which is before its transaction begins.
    /// </summary>
    private async Task<bool> PublishedAsync(NpgsqlDataSource database, TimeSpan duration)
    {
        var before = await StampedAsync(database);
        var started = await NowAsync(database);
        var placed = await PlaceAsync(200, duration);
        await CaughtUpAsync(database, started);
        var delays = await ListAsync(database,
            "select 1000 * extract(epoch from published_at - at)::float8 from order_changes where at >= $1", started);
        Say($"  {placed / duration.TotalSeconds:0} orders/s");
        Report.Delay("request to Kafka's acknowledgement", delays, p50: double.NaN, p99: double.NaN);
        // The api writes its stamps down every few seconds.
        long[] counts = [];
        await UntilAsync(async () =>
        {
            counts = [.. (await StampedAsync(database)).Zip(before, (now, then) => now - then)];
            return counts.Sum() >= delays.Count;
        }, "all are stamped");
        return Report.Delay(
            "commit to Kafka's acknowledgement", share => 1000 * FreshnessBuckets.Percentile(counts, share)!.Value, 20, 100);
    }

    /// <summary>How many changes took how long from their commit to Kafka's acknowledgement, by bucket.</summary>
    private static async Task<long[]> StampedAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "select n, sum(count)::bigint from freshness, unnest(counts) with ordinality c (count, n) where stage = 'kafka' group by n");
        await using var rows = await command.ExecuteReaderAsync();
        var counts = new long[FreshnessBuckets.Count];
        while (await rows.ReadAsync()) counts[rows.GetInt64(0) - 1] = rows.GetInt64(1);
        return counts;
    }

    /// <summary>Orders go on while Kafka is away; when it is back, how fast does what has gathered go, beside what still comes?</summary>
    private async Task<bool> DrainedAsync(NpgsqlDataSource database, TimeSpan duration)
    {
        const int Rate = 100;
        var started = await NowAsync(database);
        using var stop = new CancellationTokenSource();
        var load = PlaceAsync(Rate, TimeSpan.FromHours(1), stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await orders.WithoutAsync("kafka", () => Task.Delay(duration));
        await UntilAsync(async () => (await ListAsync(database,
            "select 1::float8 from orders o where placed_at between $1 and now() - interval '2 seconds'"
            + " and not exists (select from order_changes c where c.order_id = o.id and c.version = 1) limit 1", started)).Count == 0,
            "what has gathered is published");
        await stop.CancelAsync();
        var placed = await load;
        await CaughtUpAsync(database, started);
        // The busiest second: what went in it beside the reading of what Kafka has, once it answers again.
        var seconds = await ListAsync(database,
            "select count(*)::float8 from order_changes where at >= $1 group by date_trunc('second', published_at) order by 1", started);
        Say($"  {placed} orders while Kafka was away for {duration.TotalSeconds:0} s and came back");
        return Report.Ratio("draining what has gathered, the fastest second", seconds[^1], "the live rate", Rate, 5);
    }

    private async Task<bool> AgreesAsync()
    {
        using var asked = await orders.Http.PostAsJsonAsync("/v1/admin/verify", new { depth = "full", repair = false });
        var job = await asked.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        var path = "/v1/admin/jobs/" + job.GetProperty("id").GetString();
        await UntilAsync(async () =>
        {
            job = await orders.Http.GetFromJsonAsync<JsonElement>(path);
            return job.GetProperty("state").GetString() is "succeeded" or "failed" or "cancelled";
        }, "the proof is done");
        var isClean = job.TryGetProperty("result", out var proof) && proof.GetProperty("clean").GetBoolean();
        Console.WriteLine($"everything agrees: {(isClean ? "yes" : "NO")} {job}");
        return isClean;
    }

    /// <summary>Places orders evenly, whatever the replies take.</summary>
    /// <returns>How many.</returns>
    private async Task<long> PlaceAsync(int perSecond, TimeSpan duration, CancellationToken stop = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        var open = new List<Task>();
        long count = 0;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!stop.IsCancellationRequested && TimeProvider.System.GetElapsedTime(started) < duration)
        {
            for (; count < TimeProvider.System.GetElapsedTime(started).TotalSeconds * perSecond && open.Count < 256; count++)
                open.Add(PlaceOneAsync());
            open.RemoveAll(task => task.IsCompletedSuccessfully);
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(open);
        return count;
    }

    private async Task<string> PlaceOneAsync()
    {
        var body = new StringContent(shop.Order(77, Interlocked.Increment(ref _sent)), null, "application/json");
        using var reply = await orders.Http.PostAsync("/v1/orders", body);
        var order = await reply.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return order.GetProperty("id").GetString()!;
    }

    /// <summary>Places an order now and then and asks for its document until it is there: milliseconds since the reply.</summary>
    private async Task ProbeAsync(List<double> delays, TimeSpan duration)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < duration)
        {
            var id = await PlaceOneAsync();
            var replied = TimeProvider.System.GetTimestamp();
            await UntilAsync(() => _search.HasAsync("orders", id), $"order {id} is searchable", TimeSpan.FromMilliseconds(5));
            delays.Add(TimeProvider.System.GetElapsedTime(replied).TotalMilliseconds);
        }
    }

    private async Task CaughtUpAsync(NpgsqlDataSource database, DateTime since)
    {
        await UntilAsync(async () => (await ListAsync(database,
            "select 1::float8 from orders o where placed_at >= $1"
            + " and not exists (select from order_changes c where c.order_id = o.id and c.version = 1) limit 1", since)).Count == 0,
            "all are published");
        var stored = (await ListAsync(database, "select count(*)::float8 from orders where $1 is not null", since))[0];
        await UntilAsync(async () => await _search.CountAsync("orders") >= stored, "all are searchable");
    }

    private static async Task<DateTime> NowAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select now()");
        return (DateTime)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<List<double>> ListAsync(NpgsqlDataSource database, string sql, DateTime since)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = since });
        await using var rows = await command.ExecuteReaderAsync();
        var values = new List<double>();
        while (await rows.ReadAsync()) values.Add(rows.GetDouble(0));
        return values;
    }

    private static async Task UntilAsync(Func<Task<bool>> probe, string what, TimeSpan? pause = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(pause ?? TimeSpan.FromMilliseconds(100));
        while (!await probe())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException($"not within {Patience}: {what}");
            await tick.WaitForNextTickAsync();
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}

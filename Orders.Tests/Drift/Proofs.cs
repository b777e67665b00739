using System.Diagnostics.Metrics;
using System.Text.Json;
using Orders.Contracts;
using Orders.Indexer;
using Orders.Indexer.Drift;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Drift;

/// <summary>Asking for proofs, and reading them.</summary>
internal static class Proofs
{
    public const string Verify = "/v1/admin/verify";

    /// <summary>A shop with orders, and everything in agreement: other tests leave documents of orders that never were.</summary>
    public static async Task<(Shop Shop, List<OrderState> Orders)> CleanAsync(this OrdersApplication app, int count)
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var orders = new List<OrderState>();
        for (var i = 0; i < count; i++) orders.Add(await shop.PlaceAsync((product, 1)));
        foreach (var order in orders) await shop.FoundAsync(order);
        await app.AssertCleanAsync();
        return (shop, orders);
    }

    public static async Task AssertCleanAsync(this OrdersApplication app)
    {
        var proof = await Eventually.Get(() => app.RunAsync(Verify, new { depth = "full" }),
            seen => Targets(seen).All(target => Found(target) == 0 && Number(target, "in_flight") == 0), "a proof that finds nothing",
            // The first one may have thousands of documents to remove that other tests have left.
            TimeSpan.FromMinutes(5));
        Assert.True(proof.GetProperty("clean").GetBoolean());
        Assert.All(Targets(proof), target =>
        {
            Assert.Equal(Number(target, "expected"), Number(target, "actual"));
            Assert.Equal(target.GetProperty("expected_checksum").GetString(), target.GetProperty("actual_checksum").GetString());
        });
        var hot = await app.Database.ScalarAsync<long>(
            """
            select count(*) from orders
            where placed_at > now() - interval '730 days' or status in ('placed', 'confirmed', 'paid', 'shipped')
            """);
        Assert.Equal(hot, Number(Target(proof, "search"), "expected"));
        Assert.Equal(
            await app.Database.ScalarAsync<long>("select count(*) from orders"), Number(Target(proof, "analytics"), "expected"));
    }

    /// <summary>
    /// Proves until that many orders (or rows) of every target are mended, because what is too young is left alone at first, and says what
    /// was found of each in all.
    /// </summary>
    public static async Task<Dictionary<string, string>> MendedAsync(
        this OrdersApplication app, params (string Target, int Count)[] wanted)
    {
        string[] kinds = ["altered", "ghosts", "missing", "newer", "older"];
        var found = wanted.ToDictionary(entry => entry.Target, _ => kinds.ToDictionary(kind => kind, _ => 0L), StringComparer.Ordinal);
        var repaired = wanted.ToDictionary(entry => entry.Target, _ => 0L, StringComparer.Ordinal);
        await Eventually.Is(async () =>
        {
            var proof = await app.RunAsync(Verify, new { depth = "full" });
            foreach (var name in found.Keys)
            {
                var target = Target(proof, name);
                foreach (var kind in kinds) found[name][kind] += Number(target, kind);
                repaired[name] += Number(target, "repaired");
            }

            return wanted.All(entry => repaired[entry.Target] >= entry.Count);
        }, "all are mended");
        Assert.All(wanted, entry => Assert.Equal(entry.Count, repaired[entry.Target]));
        return found.ToDictionary(
            entry => entry.Key, entry => string.Join(", ", entry.Value.Select(kind => $"{kind.Key} {kind.Value}")), StringComparer.Ordinal);
    }

    public static IEnumerable<JsonElement> Targets(JsonElement proof) => proof.GetProperty("targets").EnumerateArray();

    public static JsonElement Target(JsonElement proof, string name) =>
        Targets(proof).Single(target => target.GetProperty("target").GetString() == name);

    public static long Found(JsonElement target) => Number(target, "found");

    public static long Number(JsonElement target, string name) => target.GetProperty(name).GetInt64();
}

/// <summary>The gauge <c>orders.drift</c>, by target.</summary>
internal sealed class DriftGauge : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);

    public DriftGauge()
    {
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == IndexerTelemetry.Name && instrument.Name == "orders.drift") self.EnableMeasurementEvents(
                instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _seen[(string)tags[0].Value!] = value);
        _listener.Start();
    }

    /// <summary>A pass, and what the gauge says after it.</summary>
    public async Task<Dictionary<string, long>> PassAsync(DriftChecker checker)
    {
        Assert.NotNull(await checker.PassAsync(CancellationToken.None));
        _listener.RecordObservableInstruments();
        return new(_seen, StringComparer.Ordinal);
    }

    public void Dispose() => _listener.Dispose();
}

using System.Text.Json;
using Meilisearch;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Indexer.Analytics;
using Orders.Indexer.Drift;
using Orders.Indexer.Jobs;
using Orders.Indexer.Projections;
using Orders.Indexer.Streams;
using Orders.Tests.Analytics;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Drift;

public sealed class ProvingThatAllAgrees(OrdersApplication app) : StormTests
{
    private const string Rollups = "analytics-rollups";

    [Fact]
    public async Task What_differs_is_found_and_mended_whatever_is_wrong_with_it_and_wherever()
    {
        var (shop, orders) = await app.CleanAsync(16);
        await SpoiltFacts.SpoilAsync(app, orders[..7]);
        await SpoilSearchAsync(shop, orders[7..12]);
        var gone = await SpoilCacheAsync(orders[12..]);

        var found = await app.MendedAsync(("analytics", 9), ("search", 6), ("cache", 4));

        Assert.Equal("altered 4, ghosts 2, missing 1, newer 1, older 1", found["analytics"]);
        Assert.Equal("altered 1, ghosts 2, missing 1, newer 1, older 1", found["search"]);
        Assert.Equal("altered 1, ghosts 1, missing 0, newer 1, older 1", found["cache"]);
        await SpoiltFacts.AssertMendedAsync(app, shop);
        await app.IndexEqualsDatabaseAsync();
        await AssertCacheAsync(orders[12..], gone);
        await app.AssertCleanAsync();
        // What had been read of a version that was never written is not in the way of the next one, and what was set right counts on.
        await shop.FoundAsync(await shop.DoAsync(orders[9], "confirm"));
        await shop.DoAsync(orders[2], "confirm");
        await Eventually.Holds(() => Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId));
        await Recount.EqualsFactsAsync(app.Database);
    }

    [Fact]
    public async Task Without_repair_nothing_is_touched_and_the_proof_says_that_it_does_not_agree()
    {
        var (shop, orders) = await app.CleanAsync(2);
        await RemoveAsync(orders[0].Id);
        await SpoiltFacts.SpoilRollupsAsync(app, orders[1]);

        var proof = await Eventually.Get(
            () => app.RunAsync(Proofs.Verify, new { repair = false }),
            seen => Proofs.Number(Proofs.Target(seen, "search"), "missing") == 1, "one is missing");

        Assert.False(proof.GetProperty("clean").GetBoolean());
        AssertLeft(Proofs.Target(proof, "search"), 1);
        var rollups = Proofs.Target(proof, Rollups);
        AssertLeft(rollups, 3);
        Assert.Contains(rollups.GetProperty("examples").EnumerateArray(), example =>
            example.GetString() == $"product/month/{orders[1].PlacedAt:yyyy-MM}-01T00/EUR/{orders[1].Items[0].ProductId}");
        Assert.Equal(0, Proofs.Found(Proofs.Target(proof, "analytics")));
        Assert.DoesNotContain(orders[0].Id, (await app.DocumentsAsync()).Keys);

        var found = await app.MendedAsync((Rollups, 3), ("search", 1));

        Assert.Equal("altered 1, ghosts 1, missing 1, newer 0, older 0", found[Rollups]);
        Assert.Equal("altered 0, ghosts 0, missing 1, newer 0, older 0", found["search"]);
        await app.IndexEqualsDatabaseAsync();
        await Recount.EqualsFactsAsync(app.Database);
        await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
    }

    [Fact]
    public async Task The_continuous_checker_mends_and_its_metric_is_zero_again_a_pass_later()
    {
        var (shop, orders) = await app.CleanAsync(3);
        using var parts = await app.PartsAsync(builder =>
        {
            builder.AddStreams();
            builder.AddSearchProjection();
            builder.AddJobs();
            builder.AddDrift();
            builder.AddAnalytics();
            builder.Services.Configure<DriftOptions>(options => options.FullEvery = 1);
        });
        var checker = parts.Services.GetRequiredService<DriftChecker>();
        using var gauge = new DriftGauge();
        string[] targets = ["search", "analytics", Rollups];
        Assert.All(await PassAsync(), drift => Assert.Equal(0, drift));
        await RemoveAsync(orders[2].Id);
        Assert.Equal(1, await app.ExecuteAsync("update analytics.order_facts set total = total + 1 where order_id = $1", orders[1].Id));
        await SpoiltFacts.SpoilRollupsAsync(app, orders[0]);

        long[] most = [0, 0, 0];
        await Eventually.Is(async () =>
        {
            most = [.. most.Zip(await PassAsync(), Math.Max)];
            return most.All(drift => drift > 0);
        }, "each drift is seen");

        Assert.Equal((1, 1), (most[0], most[1]));
        Assert.Contains(orders[2].Id, (await app.DocumentsAsync()).Keys);
        await Eventually.Get(PassAsync, seen => seen.All(drift => drift == 0), "nothing differs");
        await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
        await Recount.EqualsFactsAsync(app.Database);

        async Task<long[]> PassAsync()
        {
            var seen = await gauge.PassAsync(checker);
            return [.. targets.Select(target => seen[target])];
        }
    }

    private static void AssertLeft(JsonElement target, int count)
    {
        Assert.Equal((count, 0, count), (Proofs.Found(target), Proofs.Number(target, "repaired"), Proofs.Number(target, "left")));
        Assert.NotEqual(target.GetProperty("expected_checksum").GetString(), target.GetProperty("actual_checksum").GetString());
    }

    /// <summary>One is gone, one altered, one newer, one older, and there are two that were never placed.</summary>
    private async Task SpoilSearchAsync(Shop shop, List<OrderState> orders)
    {
        await shop.FoundAsync(await shop.DoAsync(orders[4], "confirm"));
        await RemoveAsync(orders[0].Id);
        await PutAsync(orders[1], document => document with { CustomerName = "Somebody Else" });
        await PutAsync(orders[2], document => document with { Version = 99 });
        await PutAsync(orders[3], document => document with { Id = "ord-" + Guid.CreateVersion7() });
        await AddAsync($$"""[{"id":"ord-{{Guid.CreateVersion7()}}","number":"nobody's"}]""");
        await PutAsync(orders[4], document => document);
    }

    /// <returns>The key of an order that was never placed.</returns>
    private async Task<string> SpoilCacheAsync(List<OrderState> orders)
    {
        var cache = app.Cache.GetDatabase();
        var ghost = WireNames.CacheKey("ord-" + Guid.CreateVersion7());
        await cache.StringSetAsync(WireNames.CacheKey(orders[0].Id), "0000000000000001{\"id\":\"other\"}");
        await cache.StringSetAsync(WireNames.CacheKey(orders[1].Id), "0000000000000099" + Shop.Json(orders[1]));
        await cache.StringSetAsync(WireNames.CacheKey(orders[2].Id), "nonsense");
        await cache.StringSetAsync(ghost, "0000000000000001{}");
        await cache.KeyDeleteAsync(WireNames.CacheKey(orders[3].Id));
        return ghost;
    }

    private async Task AssertCacheAsync(List<OrderState> orders, string ghost)
    {
        var cache = app.Cache.GetDatabase();
        foreach (var order in orders.Take(3))
            Assert.Equal("0000000000000001" + Shop.Json(order), await cache.StringGetAsync(WireNames.CacheKey(order.Id)));
        Assert.False(await cache.KeyExistsAsync(ghost));
        Assert.False(await cache.KeyExistsAsync(WireNames.CacheKey(orders[3].Id)));
    }

    private async Task RemoveAsync(string id) =>
        await DoneAsync(await app.Search.Index(WireNames.Indexes.Orders).DeleteOneDocumentAsync(id));

    private Task PutAsync(OrderState order, Func<OrderDocument, OrderDocument> change) =>
        AddAsync($"[{JsonSerializer.Serialize(change(OrderDocument.From(order)), OrdersJson.Default.OrderDocument)}]");

    private async Task AddAsync(string json) =>
        await DoneAsync(await app.Search.Index(WireNames.Indexes.Orders).AddDocumentsJsonAsync(json, "id"));

    private async Task DoneAsync(TaskInfo queued) => Assert.Equal(
        TaskInfoStatus.Succeeded, (await app.Search.WaitForTaskAsync(queued.TaskUid, timeoutMs: 30_000)).Status);
}

using System.Text.Json;
using Meilisearch;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Indexer.Drift;
using Orders.Indexer.Jobs;
using Orders.Indexer.Projections;
using Orders.Indexer.Streams;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Drift;

public sealed class ProvingThatAllAgrees(OrdersApplication app) : StormTests
{
    [Fact]
    public async Task What_differs_in_search_is_found_and_mended_whatever_is_wrong_with_it()
    {
        var (shop, orders) = await app.CleanAsync(5);
        await shop.FoundAsync(await shop.DoAsync(orders[4], "confirm"));
        await RemoveAsync(orders[0].Id);
        await PutAsync(orders[1], document => document with { CustomerName = "Somebody Else" });
        await PutAsync(orders[2], document => document with { Version = 99 });
        var ghost = "ord-" + Guid.CreateVersion7();
        await PutAsync(orders[3], document => document with { Id = ghost });
        await AddAsync($$"""[{"id":"ord-{{Guid.CreateVersion7()}}","number":"nobody's"}]""");
        await PutAsync(orders[4], document => document);

        var found = await app.MendedAsync("search", 6);

        Assert.Equal("altered 1, ghosts 2, missing 1, newer 1, older 1", found);
        await app.IndexEqualsDatabaseAsync();
        await app.AssertCleanAsync();
        // What had been read of a version that nobody has written is not in the way of the next one.
        await shop.FoundAsync(await shop.DoAsync(orders[2], "confirm"));
    }

    [Fact]
    public async Task What_differs_in_the_cache_is_found_and_mended()
    {
        var (shop, orders) = await app.CleanAsync(4);
        var cache = app.Cache.GetDatabase();
        var ghost = WireNames.CacheKey("ord-" + Guid.CreateVersion7());
        await cache.StringSetAsync(WireNames.CacheKey(orders[0].Id), "0000000000000001{\"id\":\"other\"}");
        await cache.StringSetAsync(WireNames.CacheKey(orders[1].Id), "0000000000000099" + Shop.Json(orders[1]));
        await cache.StringSetAsync(WireNames.CacheKey(orders[2].Id), "nonsense");
        await cache.StringSetAsync(ghost, "0000000000000001{}");
        await cache.KeyDeleteAsync(WireNames.CacheKey(orders[3].Id));

        Assert.Equal("altered 1, ghosts 1, missing 0, newer 1, older 1", await app.MendedAsync("cache", 4));

        foreach (var order in orders.Take(3))
            Assert.Equal("0000000000000001" + Shop.Json(order), await cache.StringGetAsync(WireNames.CacheKey(order.Id)));
        Assert.False(await cache.KeyExistsAsync(ghost));
        Assert.False(await cache.KeyExistsAsync(WireNames.CacheKey(orders[3].Id)));
        Assert.Equal(Shop.Json(orders[0]), await shop.GetTextAsync(orders[0].Id));
    }

    [Fact]
    public async Task Without_repair_nothing_is_touched_and_the_proof_says_that_it_does_not_agree()
    {
        var (_, orders) = await app.CleanAsync(1);
        await RemoveAsync(orders[0].Id);

        var proof = await Eventually.Get(
            () => app.RunAsync(Proofs.Verify, new { repair = false }),
            seen => Proofs.Number(Proofs.Target(seen, "search"), "missing") == 1, "one is missing");

        Assert.False(proof.GetProperty("clean").GetBoolean());
        var search = Proofs.Target(proof, "search");
        Assert.Equal((0, 1), (Proofs.Number(search, "repaired"), Proofs.Number(search, "left")));
        Assert.NotEqual(search.GetProperty("expected_checksum").GetString(), search.GetProperty("actual_checksum").GetString());
        Assert.DoesNotContain(orders[0].Id, (await app.DocumentsAsync()).Keys);
        await app.RunAsync(Proofs.Verify);
        await app.IndexEqualsDatabaseAsync();
    }

    [Fact]
    public async Task The_continuous_checker_mends_and_its_metric_is_zero_again_a_pass_later()
    {
        var (_, orders) = await app.CleanAsync(1);
        using var parts = await app.PartsAsync(builder =>
        {
            builder.AddStreams();
            builder.AddSearchProjection();
            builder.AddJobs();
            builder.AddDrift();
        });
        var checker = parts.Services.GetRequiredService<DriftChecker>();
        using var gauge = new DriftGauge();
        Assert.Equal(0, await PassAsync());
        await RemoveAsync(orders[0].Id);

        Assert.Equal(1, await Eventually.Get(PassAsync, drift => drift > 0, "the drift is seen"));

        Assert.Contains(orders[0].Id, (await app.DocumentsAsync()).Keys);
        Assert.Equal(0, await PassAsync());

        async Task<long> PassAsync() => (await gauge.PassAsync(checker))["search"];
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

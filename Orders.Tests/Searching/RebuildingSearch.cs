using System.Text.Json;
using Meilisearch;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Indexer.Jobs;
using Orders.Indexer.Projections;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Freshness;
using Orders.Tests.LongWork;
using Orders.Tests.Support;

namespace Orders.Tests.Searching;

public sealed class RebuildingSearch(OrdersApplication app) : StormTests
{
    private const int Many = 1200;
    private const string Rebuild = "/v1/admin/search/rebuild";

    [Fact]
    public async Task A_rebuild_under_live_writes_ends_with_every_order_and_no_search_sees_less_on_the_way()
    {
        var (shop, product) = await FilledAsync();
        var old = await app.Search.GetIndexAsync(WireNames.Indexes.Orders);
        await using var watched = new WatchedSearches(app, shop, product);
        watched.Start();
        await Eventually.Is(() => Task.FromResult(watched.Searches > 3 && watched.Written.Count > 3), "searches and writes are under way");

        var job = await app.DoneAsync(await app.AskAsync(Rebuild));

        await watched.EndAsync();
        Assert.True(watched.Searches > 10 && watched.Written.Count > 10, $"{watched.Searches} searches, {watched.Written.Count} orders");
        Assert.NotEqual(old.CreatedAt, (await app.Search.GetIndexAsync(WireNames.Indexes.Orders)).CreatedAt);
        Assert.InRange(job.GetProperty("result").GetProperty("documents").GetInt64(), Many, long.MaxValue);
        await app.IndexEqualsDatabaseAsync();
        var documents = await app.DocumentsAsync();
        Assert.All(watched.Written, order => Assert.Equal(order.Version, documents[order.Id].GetProperty("version").GetInt32()));
        Assert.Empty(await app.SpareIndexesAsync());
    }

    [Fact]
    public async Task A_rebuild_whose_process_died_goes_on_where_it_was()
    {
        var (shop, product) = await FilledAsync();
        await using var watched = new WatchedSearches(app, shop, product);
        watched.Start();

        var job = await AbandonedJob.LeaveAsync(
            app, WireNames.Jobs.SearchRebuild, new { }, now => AbandonedJob.Progress(now, "documents") >= 100);
        Assert.InRange(AbandonedJob.Progress(job.Left, "documents"), 100, Many);
        var done = await job.TakenOverAsync();

        await watched.EndAsync();
        // It did not begin anew.
        Assert.Equal(
            job.Left.GetProperty("progress").GetProperty("index").GetString(), done.GetProperty("result").GetProperty("index").GetString());
        await app.IndexEqualsDatabaseAsync();
        var documents = await app.DocumentsAsync();
        Assert.All(watched.Written, order => Assert.Equal(order.Version, documents[order.Id].GetProperty("version").GetInt32()));
        Assert.Empty(await app.SpareIndexesAsync());
    }

    [Fact]
    public async Task A_rebuild_that_died_in_the_moment_of_the_exchange_is_seen_through_before_anybody_writes()
    {
        // As if a rebuild had died after the exchange: a new index is live that lacks the last orders, and the gate is closed.
        var offsets = TopicReader.Ends(app.Kafka, WireNames.Topics.OrderEvents);
        var (shop, product) = await FilledAsync(few: true);
        const string Spare = "orders-0123456789ab";
        var live = app.Search.Index(WireNames.Indexes.Orders);
        await DoneAsync(await app.Search.CreateIndexAsync(Spare, "id"));
        await DoneAsync(await app.Search.Index(Spare).UpdateSettingsAsync(await live.GetSettingsAsync()));
        var documents = (await app.DocumentsAsync()).Values.Where(document =>
            document.GetProperty("customer_id").GetString() != shop.CustomerId);
        await DoneAsync(await app.Search.Index(Spare).AddDocumentsJsonAsync(JsonSerializer.Serialize(documents), "id"));
        await app.Database.ListAsync<long>("update search_gate set closed_until = now() + interval '1 minute' returning epoch");
        await DoneAsync(await app.Search.SwapIndexesAsync([new IndexSwap(WireNames.Indexes.Orders, Spare)]));
        var identity = (await app.Search.GetIndexAsync(WireNames.Indexes.Orders)).CreatedAt!.Value;
        var order = await shop.PlaceAsync((product, 1));
        await app.Database.ListAsync<string>(
            """
            insert into jobs (id, kind, parameters, state, created_by, progress)
            values ('job-0193aaaa-0000-7000-8000-' || right(md5(random()::text), 12), 'search-rebuild', '{}', 'queued', 'test', $1::jsonb)
            returning id
            """, JsonSerializer.Serialize(new { phase = "swap", index = Spare, identity, offsets }));

        await shop.FoundAsync(order);
        await app.IndexEqualsDatabaseAsync();
        await Eventually.Get(() => app.SpareIndexesAsync(), left => left.Count == 0, "the old index is gone");
        Assert.Equal(0L, await app.Database.ScalarAsync<long>("select count(*) from search_gate where closed_until is not null"));
    }

    [Fact]
    public async Task An_index_that_is_deleted_under_the_indexers_comes_back_whole_by_itself()
    {
        var (shop, product) = await FilledAsync(few: true);
        const string Rebuilds = "select count(*) from jobs where kind = 'search-rebuild' and created_by = 'indexer'";
        var before = await app.Database.ScalarAsync<long>(Rebuilds);

        await DoneAsync(await app.Search.DeleteIndexAsync(WireNames.Indexes.Orders));
        var order = await shop.PlaceAsync((product, 1));

        await shop.FoundAsync(order);
        await app.IndexEqualsDatabaseAsync();
        Assert.Equal(before + 1, await app.Database.ScalarAsync<long>(Rebuilds));
        var settings = await app.Search.Index(WireNames.Indexes.Orders).GetSettingsAsync();
        Assert.Contains("customer_name", settings.SearchableAttributes);
    }

    [Fact]
    public async Task A_rebuild_that_is_cancelled_leaves_the_live_index_as_it_was()
    {
        await FilledAsync();
        var identity = (await app.Search.GetIndexAsync(WireNames.Indexes.Orders)).CreatedAt;
        var job = await app.AskAsync(Rebuild);
        await Eventually.Get(
            () => app.JobAsync(SearchState.Id(job)), now => AbandonedJob.Progress(now, "documents") > 0, "it is under way");

        await Shop.Ok(await app.Api.PostAsync($"/v1/admin/jobs/{SearchState.Id(job)}/cancel", null));

        await Eventually.Get(() => app.JobAsync(SearchState.Id(job)), now => SearchState.State(now) == "cancelled", "it is cancelled");
        Assert.Equal(identity, (await app.Search.GetIndexAsync(WireNames.Indexes.Orders)).CreatedAt);
        await Eventually.Get(() => app.SpareIndexesAsync(), left => left.Count == 0, "what it had made is gone");
    }

    [Fact]
    public async Task An_index_of_other_settings_is_made_anew_by_itself_and_takes_orders_meanwhile()
    {
        var (shop, product) = await FilledAsync(few: true);
        var live = app.Search.Index(WireNames.Indexes.Orders);
        var identity = (await app.Search.GetIndexAsync(WireNames.Indexes.Orders)).CreatedAt;
        // As an earlier version had it: no areas, facet search, documents without positions.
        await DoneAsync(await live.UpdateSettingsAsync(
            new Settings { FilterableAttributes = ["id", "_geo", "placed_at_ms"], FacetSearch = true }));
        var older = (await app.DocumentsAsync()).Values
            .First(document => document.GetProperty("customer_id").GetString() == shop.CustomerId);
        var fields = older.EnumerateObject().Where(field => field.Name is not "lat" and not "lon")
            .ToDictionary(field => field.Name, field => field.Value);
        await DoneAsync(await live.AddDocumentsJsonAsync(JsonSerializer.Serialize(new[] { fields }), "id"));

        // As an indexer does when it starts.
        using (var parts = await app.PartsAsync(builder =>
        {
            builder.Services.AddSingleton<FreshnessBoard>();
            builder.AddStreams();
            builder.AddSearchProjection();
            builder.AddJobs();
        })) await parts.Services.GetRequiredService<SearchProjection>().PrepareAsync(CancellationToken.None);
        var order = await shop.PlaceAsync((product, 1));

        await Eventually.Is(
            async () => (await app.Search.GetIndexAsync(WireNames.Indexes.Orders)).CreatedAt != identity, "it is another one");
        await shop.FoundAsync(order);
        await app.IndexEqualsDatabaseAsync();
        Assert.False((await app.Search.Index(WireNames.Indexes.Orders).GetSettingsAsync()).FacetSearch);
        Assert.NotEmpty(await shop.SearchAsync(shop.Word, "&bbox=-180,-90,180,90"));
    }

    /// <summary>A shop with many orders in the index.</summary>
    private async Task<(Shop Shop, string ProductId)> FilledAsync(bool few = false)
    {
        await app.NoRebuildAsync();
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var order = await shop.PlaceAsync((product, 1));
        var count = few ? 20 : Many;
        await Copies.MakeAsync(app, order.Id, count);
        await Eventually.Get(async () =>
        {
            var found = await app.Search.Index(WireNames.Indexes.Orders).SearchAsync<JsonElement>(
                shop.Word, new SearchQuery { Page = 1, HitsPerPage = 1 });
            return ((PaginatedSearchResult<JsonElement>)found).TotalHits;
        }, hits => hits == count + 1, "all are found", TimeSpan.FromMinutes(2));
        return (shop, product);
    }

    private async Task DoneAsync(TaskInfo queued)
    {
        var done = await app.Search.WaitForTaskAsync(queued.TaskUid, timeoutMs: 30_000);
        Assert.Equal(TaskInfoStatus.Succeeded, done.Status);
    }
}

using Npgsql;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

public sealed class IndexersComeAndGo(OrdersApplication app) : StormTests
{
    private const int Backlog = 4000;

    [Fact]
    public async Task A_backlog_is_indexed_whole_although_a_replica_is_killed_and_comes_back()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.FoundAsync(order);
        Assert.Equal(Backlog, await MultiplyAsync(order.Id));
        await Eventually.Get(() => CountAsync(shop.CustomerId), count => count > 1, "the backlog is being worked on");

        var killed = await app.KillAsync("indexer");
        await app.StartAgainAsync(killed);

        await Eventually.Get(() => CountAsync(shop.CustomerId), count => count == Backlog + 1,
            $"{Backlog + 1} documents in the index", TimeSpan.FromMinutes(2));
    }

    /// <summary>Commits events of that many further orders, all like one that exists, in one transaction.</summary>
    private async Task<int> MultiplyAsync(string orderId)
    {
        await using var connection = await app.Database.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            """
            insert into outbox (order_id, version, type, payload)
            select id, version, type, replace(payload::text, order_id, id)::json
            from outbox, lateral (select 'ord-' || gen_random_uuid() as id, n from generate_series(1, $2) as n) as copies
            where order_id = $1
            """,
            connection) { Parameters = { new() { Value = orderId }, new() { Value = Backlog } } };
        return await insert.ExecuteNonQueryAsync();
    }

    private async Task<int> CountAsync(string customerId)
    {
        var query = new Meilisearch.SearchQuery { Filter = $"customer_id = '{customerId}'", HitsPerPage = 1, Page = 1 };
        var found = await app.Search.Index(WireNames.Indexes.Orders).SearchAsync<System.Text.Json.JsonElement>("", query);
        return ((Meilisearch.PaginatedSearchResult<System.Text.Json.JsonElement>)found).TotalHits;
    }
}

using System.Collections.Concurrent;
using System.Net;
using Npgsql;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

public sealed class NothingIsLost(OrdersApplication app) : StormTests
{
    [Fact]
    public async Task Restarting_the_api_under_load_loses_and_doubles_nothing()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var acknowledged = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => PlaceUntilAsync(stop.Token)).ToArray();
        await Eventually.Is(() => Task.FromResult(acknowledged.Count > 50), "some orders before the restart");

        await app.RestartApiAsync();
        await app.ApiIsHealthyAsync();
        var before = acknowledged.Count;
        await Eventually.Is(() => Task.FromResult(acknowledged.Count > before + 50), "some orders after the restart");
        await stop.CancelAsync();
        await Task.WhenAll(load);

        await Eventually.Holds(async () =>
        {
            var stored = await app.Database.ListAsync<string>("select id from orders where customer_id = $1", shop.CustomerId);
            Assert.Empty(acknowledged.Except(stored));
            var documents = await DocumentsAsync(shop.CustomerId);
            Assert.Equal(stored.Order(StringComparer.Ordinal), documents.Order(StringComparer.Ordinal));
        });

        async Task PlaceUntilAsync(CancellationToken cancel)
        {
            while (!cancel.IsCancellationRequested)
            {
                try
                {
                    var reply = await shop.TryPlaceAsync((product, 1));
                    if (reply.StatusCode == HttpStatusCode.Created) acknowledged.Add(
                        Shop.Read(await reply.Content.ReadAsByteArrayAsync(CancellationToken.None)).Id);
                }
                catch (HttpRequestException)
                {
                    // The api is away: that attempt has no answer and is not counted.
                }
            }
        }
    }

    [Fact]
    public async Task A_relay_killed_between_acknowledgement_and_confirmation_sends_again_and_nobody_notices()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        // Kafka has the order (it is searchable) and the slot has not confirmed it: the moment in which a crash must repeat.
        var order = await Eventually.Get(async () =>
        {
            var placed = await shop.PlaceAsync((product, 1));
            var written = await app.Database.ScalarAsync<NpgsqlTypes.NpgsqlLogSequenceNumber>("select pg_current_wal_lsn()");
            await shop.FoundAsync(placed);
            var confirmed = await app.Database.ScalarAsync<NpgsqlTypes.NpgsqlLogSequenceNumber>(
                "select confirmed_flush_lsn from pg_replication_slots where slot_name = $1", WireNames.Outbox.Slot);
            return confirmed < written ? placed : null;
        }, placed => placed is not null, "an order that is searchable and not confirmed");

        await app.CrashApiAsync();
        await app.ApiIsHealthyAsync();

        var delivered = await Eventually.Get(() => app.DeliveredVersionsAsync(order!.Id), versions =>
            versions.Count > 1, "the event was delivered again");
        Assert.Equal([1], delivered.Distinct());
        var next = await shop.PlaceAsync((product, 1));
        var hits = await shop.FoundAsync(next);
        Assert.Equal(1, hits.Single(hit => hit.Id == order!.Id).Version);
        var stored = await app.Database.ListAsync<string>("select id from orders where customer_id = $1", shop.CustomerId);
        await Eventually.Holds(async () =>
            Assert.Equal(stored.Order(StringComparer.Ordinal),
            (await DocumentsAsync(shop.CustomerId)).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_malformed_event_goes_to_the_dead_letters_and_the_rest_is_indexed()
    {
        var shop = await Shop.OpenAsync(app);
        var key = "ord-" + Guid.CreateVersion7();
        var before = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        byte[][] poison = ["not json"u8.ToArray(), "{}"u8.ToArray(), """{"specversion":"1.0","data":{"id":7}}"""u8.ToArray()];
        using (var producer = app.Kafka.CreateProducer())
        {
            foreach (var value in poison)
                await producer.ProduceAsync(
                    WireNames.Topics.OrderEvents, new Confluent.Kafka.Message<string, byte[]> { Key = key, Value = value });
        }

        var after = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.FoundAsync(before);
        await shop.FoundAsync(after);

        await Eventually.Holds(async () =>
        {
            var letters = await Task.Run(() => TopicReader.DeadLetters(app.Kafka));
            var ours = letters.Where(letter =>
                letter.Group == WireNames.Groups.Search && letter.Key is { } k
                && System.Text.Encoding.UTF8.GetString(k) == key).ToList();
            Assert.Equal(poison.Select(Convert.ToBase64String).Order(),
                ours.Select(letter => Convert.ToBase64String(letter.Value!)).Order());
            Assert.All(ours, letter => Assert.False(string.IsNullOrWhiteSpace(letter.Reason) || string.IsNullOrWhiteSpace(letter.Detail)));
        });
    }

    [Fact]
    public async Task A_lost_slot_is_replaced_and_the_outbox_is_sent_again()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        await shop.FoundAsync(await shop.PlaceAsync((product, 1)));

        // The api is down, the slot is dropped, and an order's event is written that no slot will ever see.
        var order = await app.WithoutApiAsync(async () =>
        {
            await DropSlotAsync();
            return await InsertBehindTheRelaysBackAsync(shop);
        });

        await Eventually.Get(() => app.DeliveredVersionsAsync(order), versions =>
            versions.Count > 0, "the event that the slot never saw was delivered");
    }

    [Fact]
    public async Task The_relay_goes_on_after_the_database_was_restarted()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var before = await shop.PlaceAsync((product, 1));

        await app.RestartDatabaseAsync();

        var after = await Eventually.Get(() => shop.PlaceAsync((product, 1)), order => order.Version == 1, "orders are placed again");
        await shop.FoundAsync(before);
        await shop.FoundAsync(after);
        Assert.Equal([1], (await app.DeliveredVersionsAsync(after.Id)).Distinct());
    }

    private Task DropSlotAsync() => Eventually.Is(async () =>
    {
        await app.Database.ScalarAsync<object>("select pg_drop_replication_slot($1)::text", WireNames.Outbox.Slot);
        return true;
    }, "the slot is dropped");

    /// <summary>Copies an outbox row under a new order id, as a transaction that committed while there was no slot.</summary>
    private async Task<string> InsertBehindTheRelaysBackAsync(Shop shop)
    {
        var id = "ord-" + Guid.CreateVersion7();
        var source = await app.Database.ScalarAsync<string>("select id from orders where customer_id = $1 limit 1", shop.CustomerId);
        await using var connection = await app.Database.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            """
            insert into outbox (order_id, version, type, payload)
            select $1, version, type, replace(payload::text, order_id, $1)::json from outbox where order_id = $2
            """,
            connection) { Parameters = { new() { Value = id }, new() { Value = source } } };
        Assert.Equal(1, await insert.ExecuteNonQueryAsync());
        return id;
    }

    /// <summary>Ids of all documents of a customer, read from the index itself.</summary>
    private async Task<List<string>> DocumentsAsync(string customerId)
    {
        var ids = new List<string>();
        var query = new Meilisearch.SearchQuery { Filter = $"customer_id = '{customerId}'", HitsPerPage = 1000,
            AttributesToRetrieve = ["id"] };
        for (var page = 1; ; page++)
        {
            query.Page = page;
            var found = (Meilisearch.PaginatedSearchResult<System.Text.Json.JsonElement>)await app.Search
                .Index(WireNames.Indexes.Orders).SearchAsync<System.Text.Json.JsonElement>("", query);
            ids.AddRange(found.Hits.Select(hit => hit.GetProperty("id").GetString()!));
            if (page >= found.TotalPages) return ids;
        }
    }
}

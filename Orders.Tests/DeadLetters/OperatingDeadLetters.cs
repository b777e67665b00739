using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.Tests.Inbound;
using Orders.Tests.Support;

namespace Orders.Tests.DeadLetters;

public sealed class OperatingDeadLetters(OrdersApplication app) : ApplicationTests
{
    private const string Address = "/v1/admin/dead-letters";

    private readonly InboundTopic _topic = new(app);
    private readonly string _key = Guid.NewGuid().ToString();
    private readonly DateTimeOffset _started = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_letter_is_listed_found_by_its_filters_and_shown_byte_for_byte()
    {
        byte[] bytes = [0xff, 0x00, 0x7f];
        var sent = await _topic.SendAsync(_key, bytes);
        await _topic.SendAsync(_key, "not json");
        var listed = await ListedAsync(2);

        Assert.Equal(["open", "open"], listed.Select(letter => Text(letter, "state")));
        Assert.All(listed, letter => Assert.Equal(
            ("orders.inbound", "orders-inbound", "malformed_json"),
            (Text(letter, "topic"), Text(letter, "group"), Text(letter, "reason"))));
        Assert.Equal(2, (await ListAsync("&topic=orders.inbound&group=orders-inbound&reason=malformed_json&state=open")).Count);
        foreach (var other in (string[])["&topic=orders.events", "&group=orders-search", "&reason=empty", "&state=retried"])
            Assert.Empty(await ListAsync(other));
        Assert.Empty(await PageAsync("?to=2020-01-01"));

        var shown = await ShownAsync(listed.Single(letter => letter.GetProperty("value_bytes").GetInt32() == 3));
        Assert.Equal((sent.Partition.Value, sent.Offset.Value),
            (shown.GetProperty("partition").GetInt32(), shown.GetProperty("offset").GetInt64()));
        Assert.Equal(("base64", Convert.ToBase64String(bytes)), Bytes(shown, "value"));
        Assert.Equal(("text", _key), Bytes(shown, "key"));
        Assert.Equal(32, Text(shown, "trace_id").Length);
        var text = await ShownAsync(listed.Single(letter => letter.GetProperty("value_bytes").GetInt32() == 8));
        Assert.Equal(("text", "not json"), Bytes(text, "value"));
    }

    [Fact]
    public async Task What_failed_for_a_reason_that_is_gone_is_done_when_it_is_sent_again()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 0);
        var sent = await _topic.SendAsync(_key, InboundTopic.Place(shop, product));
        var letter = Assert.Single(await ListedAsync(1));
        Assert.Equal("out_of_stock", Text(letter, "reason"));
        await Shop.Ok(await app.Api.PostAsJsonAsync($"/v1/products/{product}/stock", new { change = 5 }));

        for (var i = 0; i < 3; i++) await Shop.Expect(await RetryAsync(letter), HttpStatusCode.Accepted);
        await Eventually.Get(() => _topic.CountAsync(shop), count => count == 1, "the order is placed");
        var settled = await Eventually.Get(() => ShownAsync(letter), row => row.TryGetProperty("sent_at", out _), "it is sent");
        await _topic.DrainAsync(_key);

        Assert.Equal("retried", Text(settled, "state"));
        Assert.Equal(sent.Partition.Value, settled.GetProperty("sent_partition").GetInt32());
        var again = Read(sent.Topic, settled.GetProperty("sent_partition").GetInt32(), settled.GetProperty("sent_offset").GetInt64());
        Assert.Equal((_key, Convert.ToBase64String(sent.Value)), (again.Message.Key, Convert.ToBase64String(again.Message.Value)));
        Assert.Equal(1, await _topic.CountAsync(shop));
        Assert.Equal(4, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
        await Shop.Expect(await DiscardAsync(letter), HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_nameless_record_that_is_sent_again_twice_is_still_one_order()
    {
        var shop = await Shop.OpenAsync(app, status: "suspended");
        await _topic.SendAsync(_key, $$"""{"customer_id": "{{shop.CustomerId}}", "amount": 31.10}""");
        var letter = Assert.Single(await ListedAsync(1));
        await app.Database.ListAsync<string>(
            "update customers set status = 'active' where client_id = $1 returning client_id", shop.CustomerId);

        await Shop.Expect(await RetryAsync(letter), HttpStatusCode.Accepted);
        await Eventually.Get(() => _topic.CountAsync(shop), count => count == 1, "the order is placed");
        // As when the api dies after Kafka has it and before the row says so.
        await app.Database.ListAsync<string>(
            "update dead_letters set sent_at = null where id = $1 returning id", Text(letter, "id"));
        await Eventually.Is(async () => (await ShownAsync(letter)).TryGetProperty("sent_at", out _), "it is sent once more");
        await _topic.DrainAsync(_key);

        Assert.Equal(31.10m, (await _topic.OrderAsync(shop)).Total);
        Assert.Single(await ListAsync());
    }

    [StormFact]
    public async Task Many_are_sent_again_at_once_and_one_can_be_discarded()
    {
        for (var i = 0; i < 5; i++) await _topic.SendAsync(_key, $"poison {i}");
        var letters = await ListedAsync(5);
        var discarded = letters[0];
        var reply = await DiscardAsync(discarded);
        await Shop.Expect(reply, HttpStatusCode.OK);
        await Shop.Expect(await DiscardAsync(discarded), HttpStatusCode.OK);
        await Shop.Expect(await RetryAsync(discarded), HttpStatusCode.Conflict);

        var bulk = await app.Api.PostAsJsonAsync($"{Address}/retry", new { topic = "orders.inbound", from = _started });
        await Shop.Expect(bulk, HttpStatusCode.Accepted);
        var counts = await bulk.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((4, 0), (counts.GetProperty("retried").GetInt32(), counts.GetProperty("remaining").GetInt32()));

        // They are poison still: each is a new letter, at its new place.
        var all = await ListedAsync(9);
        Assert.Equal((1, 4, 4), (Count("discarded"), Count("retried"), Count("open")));
        Assert.Equal("no use", Text(await ShownAsync(discarded), "note"));

        int Count(string state) => all.Count(letter => Text(letter, "state") == state);
    }

    [Fact]
    public async Task A_record_that_is_too_large_for_a_letter_is_kept_whole_and_holds_nothing_up()
    {
        var bytes = Encoding.UTF8.GetBytes("poison " + new string('x', 3_500_000));
        await _topic.SendAsync(_key, bytes);
        await _topic.DrainAsync(_key);
        var letter = Assert.Single(await ListedAsync(1));

        Assert.Equal(bytes.Length, letter.GetProperty("value_bytes").GetInt32());
        Assert.Equal(bytes, await app.Database.ScalarAsync<byte[]>("select value from dead_letters where id = $1", Text(letter, "id")));
    }

    [Fact]
    public async Task One_that_Kafka_refuses_is_open_again_with_the_reason_and_the_others_are_sent_once()
    {
        var (large, small) = ($"dlt-a{Guid.NewGuid():N}", $"dlt-b{Guid.NewGuid():N}");
        foreach (var (id, size) in new[] { (large, 5_000_000), (small, 10) })
        {
            await app.ExecuteAsync(
                """
                insert into dead_letters (id, consumer, topic, partition, position, reason, detail, failed_at, key, value, recorded_at,
                    state, settled_at)
                values ($1, 'orders-inbound', 'orders.inbound', 0, 0, 'malformed_json', 'x', now(), $2, convert_to(repeat('x', $3), 'UTF8'),
                    now(), 'retried', now())
                """, id, Encoding.UTF8.GetBytes(_key), size);
        }

        var refused = await Eventually.Get(
            () => ShownAsync(large), row => Text(row, "state") == "open" && row.TryGetProperty("retry_failure", out _), "it is open again");
        Assert.Contains("MsgSizeTooLarge", Text(refused, "retry_failure"), StringComparison.Ordinal);
        var sent = await Eventually.Get(() => ShownAsync(small), row => row.TryGetProperty("sent_at", out _), "the other is sent");
        Assert.Equal("retried", Text(sent, "state"));
        // The record that was sent is poison still: one new letter, not one for each try.
        await _topic.DrainAsync(_key);
        Assert.Single(await _topic.LettersAsync(_key));

        // Many at once pass it over; by itself it is tried again.
        await Shop.Expect(await RetryAsync(refused), HttpStatusCode.Accepted);
        await Eventually.Get(() => ShownAsync(large), row => Text(row, "state") == "open", "it is open once more");
        await Shop.Expect(await DiscardAsync(refused), HttpStatusCode.OK);
        Assert.False((await ShownAsync(large)).TryGetProperty("retry_failure", out _));
    }

    [Fact]
    public async Task Events_that_a_projection_gave_up_on_are_sent_again_to_their_topic()
    {
        await ProduceAsync(WireNames.Topics.OrderEvents, "no event");
        // All of them: every group has a letter of its own.
        string[] groups = ["orders-analytics", "orders-archive", "orders-cache", "orders-search", "orders-webhooks"];
        var letters = await Eventually.Get(
            () => ListAsync("&topic=orders.events"), all => all.Count == groups.Length, "every group gave up on it");
        Assert.Equal(groups, letters.Select(letter => Text(letter, "group")).Order(StringComparer.Ordinal));
        var search = letters.Single(letter => Text(letter, "group") == "orders-search");

        await Shop.Expect(await RetryAsync(search), HttpStatusCode.Accepted);

        var settled = await Eventually.Get(() => ShownAsync(search), row => row.TryGetProperty("sent_at", out _), "it is sent");
        var again = Read(
            WireNames.Topics.OrderEvents, settled.GetProperty("sent_partition").GetInt32(), settled.GetProperty("sent_offset").GetInt64());
        Assert.Equal((_key, "no event"), (again.Message.Key, Encoding.UTF8.GetString(again.Message.Value)));
        await Eventually.Get(() => ListAsync("&topic=orders.events"), all => all.Count == 2 * groups.Length, "it failed again");
    }

    [Fact]
    public async Task What_is_no_letter_is_kept_and_cannot_be_sent_anywhere()
    {
        await ProduceAsync(WireNames.Topics.InboundDeadLetter, "hm");
        var letter = Assert.Single(await ListedAsync(1));
        Assert.Equal("not_a_dead_letter", Text(letter, "reason"));
        await Shop.Expect(await RetryAsync(letter), HttpStatusCode.Conflict);
        await Shop.Expect(await DiscardAsync(letter), HttpStatusCode.OK);
        await Shop.Expect(await app.Api.PostAsync($"{Address}/nobody/retry", null), HttpStatusCode.NotFound);
    }

    /// <summary>What this test has made, once there are so many.</summary>
    private Task<List<JsonElement>> ListedAsync(int count) =>
        Eventually.Get(() => ListAsync(), letters => letters.Count == count, $"{count} letters");

    /// <summary>Those among the letters since this test's beginning that have its key.</summary>
    private async Task<List<JsonElement>> ListAsync(string more = "")
    {
        var listed = await PageAsync($"?from={_started:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}{more}");
        var own = await app.Database.ListAsync<string>("select id from dead_letters where key = $1", Encoding.UTF8.GetBytes(_key));
        return [.. listed.Where(letter => own.Contains(Text(letter, "id")))];
    }

    /// <summary>Every page, three at a time.</summary>
    private async Task<List<JsonElement>> PageAsync(string query)
    {
        var letters = new List<JsonElement>();
        for (var cursor = ""; ;)
        {
            var reply = await app.Api.GetAsync($"{Address}{query}&limit=3{cursor}");
            await Shop.Expect(reply, HttpStatusCode.OK);
            var page = await reply.Content.ReadFromJsonAsync<JsonElement>();
            letters.AddRange(page.GetProperty("items").EnumerateArray());
            if (!page.TryGetProperty("next_cursor", out var next)) return letters;
            cursor = "&cursor=" + next.GetString();
        }
    }

    private Task<JsonElement> ShownAsync(JsonElement letter) => ShownAsync(Text(letter, "id"));

    private async Task<JsonElement> ShownAsync(string id)
    {
        var reply = await app.Api.GetAsync($"{Address}/{id}");
        await Shop.Expect(reply, HttpStatusCode.OK);
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> RetryAsync(JsonElement letter) => app.Api.PostAsync($"{Address}/{Text(letter, "id")}/retry", null);

    private Task<HttpResponseMessage> DiscardAsync(JsonElement letter) =>
        app.Api.PostAsJsonAsync($"{Address}/{Text(letter, "id")}/discard", new { note = "no use" });

    private async Task ProduceAsync(string topic, string value)
    {
        using var producer = app.Kafka.CreateProducer();
        await producer.ProduceAsync(topic, new Message<string, byte[]> { Key = _key, Value = Encoding.UTF8.GetBytes(value) });
    }

    private ConsumeResult<string, byte[]> Read(string topic, int partition, long offset)
    {
        using var consumer = app.Kafka.CreateConsumer("test-" + Guid.NewGuid().ToString("N"));
        consumer.Assign(new TopicPartitionOffset(topic, partition, offset));
        return consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException("the record is not there");
    }

    private static string Text(JsonElement letter, string name) => letter.GetProperty(name).GetString()!;

    private static (string Encoding, string Data) Bytes(JsonElement letter, string name) =>
        (Text(letter.GetProperty(name), "encoding"), Text(letter.GetProperty(name), "data"));
}

using System.Net;
using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Reading;

public sealed class FollowingChanges(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Changes_stand_in_the_order_of_their_commits_not_in_that_of_their_writing()
    {
        var shop = await Shop.OpenAsync(app);
        var source = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var follower = new Follower(app.Api, await Follower.NewestAsync(app.Api));
        await using var slow = await app.Database.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        var first = await CopyAsync(slow, source.Id);
        await using var quick = await app.Database.OpenConnectionAsync();
        var second = await CopyAsync(quick, source.Id);
        await SeenAsync(follower, second);

        await transaction.CommitAsync();
        await SeenAsync(follower, first);

        var seen = follower.Seen.Where(change => change.OrderId == first || change.OrderId == second).ToList();
        Assert.Equal([second, first], seen.Select(change => change.OrderId));
        var written = await app.Database.ListAsync<string>(
            "select order_id from outbox where order_id = any($1) order by position", (object)new[] { first, second });
        Assert.Equal([first, second], written);
        Assert.Equal(Positions(follower), follower.Seen.Select(change => change.Position));
    }

    [StormFact]
    public async Task A_request_that_waits_is_answered_by_the_next_change_and_an_empty_one_when_its_time_is_over()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var follower = new Follower(app.Api, await Follower.NewestAsync(app.Api), "&limit=200");
        var order = await shop.PlaceAsync((product, 1));
        await SeenAsync(follower, order.Id);

        var newest = follower.After;
        var none = await app.Api.GetAsync($"/v1/orders/changes?after={newest}&wait=1");
        Assert.Equal($"{{\"items\":[],\"next_after\":{newest},\"newest\":{newest}}}", await none.Content.ReadAsStringAsync());

        var waiting = new Follower(app.Api, newest, "&wait=30").StepAsync();
        await Shop.Ok(await app.Api.GetAsync("/v1/stats"));
        Assert.False(waiting.IsCompleted);
        var next = await shop.PlaceAsync((product, 1));
        var page = await waiting.WaitAsync(TimeSpan.FromSeconds(10));

        var item = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal((newest + 1, "orders.placed"), (item.GetProperty("position").GetInt64(), item.GetProperty("type").GetString()));
        Assert.Equal(await shop.GetTextAsync(next.Id), item.GetProperty("order").GetRawText());
        Assert.Equal(next.UpdatedAt, item.GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_change_shows_the_order_as_it_was_then()
    {
        var shop = await Shop.OpenAsync(app);
        var from = await Follower.NewestAsync(app.Api);
        var order = await shop.PaidAsync((await shop.AddProductAsync(), 1));
        var follower = new Follower(app.Api, from, "&limit=200");
        await SeenAsync(follower, order.Id, version: 3);

        // The customer's own key: a page has room for these changes, however many others are written meanwhile.
        using var owner = await app.HolderAsync(["orders:read"], shop.CustomerId);
        var page = await owner.GetStringAsync($"/v1/orders/changes?after={from}&limit=200");
        for (var version = 1; version <= 3; version++)
        {
            var then = await app.Api.GetStringAsync($"/v1/orders/{order.Id}?version={version}");
            Assert.Contains($"\"order\":{then}}}", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Types_and_a_customers_key_narrow_the_feed_and_the_position_moves_over_the_rest()
    {
        var (shop, other) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var product = await shop.AddProductAsync();
        var from = await Follower.NewestAsync(app.Api);
        var own = await shop.PaidAsync((product, 1));
        var theirs = await other.PaidAsync((product, 1));
        await SeenAsync(new Follower(app.Api, from, "&limit=200"), theirs.Id, version: 3);
        using var bound = await app.HolderAsync(["orders:read"], shop.CustomerId);

        var all = new Follower(bound, from, "&limit=200");
        await all.StepAsync();
        var paid = new Follower(bound, from, "&limit=200&types=orders.paid,orders.cancelled");
        await paid.StepAsync();
        var none = new Follower(bound, from, "&types=orders.cancelled&wait=1");
        var page = await none.StepAsync();

        Assert.Equal([(own.Id, 1), (own.Id, 2), (own.Id, 3)], all.Seen.Select(change => (change.OrderId, change.Version)));
        Assert.Equal([(own.Id, 3)], paid.Seen.Select(change => (change.OrderId, change.Version)));
        Assert.Empty(none.Seen);
        Assert.Equal(page.GetProperty("newest").GetInt64(), none.After);
        Assert.True(all.After >= from + 6 && paid.After >= from + 6, $"{from}, {all.After}, {paid.After}");
    }

    [Theory]
    [InlineData("after=-1", "after")]
    [InlineData("after=9000000000000000000", "after")]
    [InlineData("after=99999999999999999999", "after")]
    [InlineData("limit=0", "limit")]
    [InlineData("wait=31", "wait")]
    [InlineData("wait=a", "wait")]
    [InlineData("types=orders.gone", "types")]
    public async Task What_is_wrong_with_a_request_is_said_by_its_name(string query, string field)
    {
        var reply = await app.Api.GetAsync("/v1/orders/changes?" + query);
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
    }

    [StormFact]
    public async Task Who_was_away_for_longer_than_changes_are_kept_is_told_so_instead_of_missing_some()
    {
        var shop = await Shop.OpenAsync(app);
        var from = await Follower.NewestAsync(app.Api);
        var order = await shop.PaidAsync((await shop.AddProductAsync(), 1));
        await SeenAsync(new Follower(app.Api, from, "&limit=200"), order.Id, version: 3);
        // Set aside and put back: other tests read the feed from its beginning.
        await app.ExecuteAsync($"create table trimmed_changes as select * from order_changes where position <= {from + 1}");
        await app.ExecuteAsync($"delete from order_changes where position <= {from + 1}");
        try
        {
            var missed = await app.Api.GetAsync($"/v1/orders/changes?after={from}");
            await Shop.Expect(missed, HttpStatusCode.Gone);
            Assert.Equal("/problems/position_gone", await Problem.TypeAsync(missed));
            await Shop.Expect(await app.Api.GetAsync($"/v1/orders/stream?after={from}"), HttpStatusCode.Gone);
            var follower = new Follower(app.Api, from + 1, "&limit=200");
            await follower.StepAsync();
            Assert.Equal(from + 2, follower.Seen[0].Position);
        }
        finally
        {
            await app.ExecuteAsync("insert into order_changes select * from trimmed_changes");
            await app.ExecuteAsync("drop table trimmed_changes");
        }
    }

    [StormFact]
    public async Task A_page_of_changes_is_304_for_who_has_it()
    {
        var shop = await Shop.OpenAsync(app);
        var from = await Follower.NewestAsync(app.Api);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await SeenAsync(new Follower(app.Api, from, ""), order.Id);
        var tag = (await app.Api.GetAsync($"/v1/orders/changes?after={from}")).Headers.ETag!.ToString();

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/changes?after={from}");
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        await Shop.Expect(await app.Api.SendAsync(request), HttpStatusCode.NotModified);
    }

    private static IEnumerable<long> Positions(Follower follower) =>
        Enumerable.Range(0, follower.Seen.Count).Select(i => follower.Seen[0].Position + i);

    private static Task SeenAsync(Follower follower, string orderId, int version = 1) => Eventually.Is(async () =>
    {
        await follower.StepAsync();
        return follower.Seen.Any(change => change.OrderId == orderId && change.Version == version);
    }, $"order {orderId} version {version} is in the feed");

    /// <summary>The order once more under another id and number, with its history and its event, as one statement each.</summary>
    private static async Task<string> CopyAsync(NpgsqlConnection connection, string source)
    {
        var id = "ord-" + Guid.CreateVersion7();
        foreach (var sql in new[]
        {
            """
            insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', $1::text, 'number', right($1, 9)))).*
            from orders o where id = $2
            """,
            """
            insert into order_history select $1, version, status, at, reason, gen_random_uuid(), type,
                replace(replace(state::text, $2, $1), (select number from orders where id = $2), right($1, 9))::json, traceparent
            from order_history where order_id = $2
            """,
            """
            insert into outbox (order_id, version, type, payload) select $1, version, type,
                replace(replace(payload::text, $2, $1), (select number from orders where id = $2), right($1, 9))::json
            from outbox where order_id = $2
            """,
        })
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = id }, new(
                ) { Value = source } } };
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        return id;
    }
}

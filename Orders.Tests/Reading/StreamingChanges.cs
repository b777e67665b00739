using System.Net;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Reading;

public sealed class StreamingChanges(OrdersApplication app) : ApplicationTests
{
    [StormFact]
    public async Task A_stream_brings_changes_as_they_happen_and_goes_on_where_it_was()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        using var client = app.ApiWith(app.AdminToken);
        using var stream = await EventStream.OpenAsync(client);
        Assert.Equal("text/event-stream", stream.Reply.Content.Headers.ContentType?.MediaType);

        var first = await shop.PlaceAsync((product, 1));
        var placed = (await stream.UntilAsync(change => change.OrderId == first.Id))[^1];
        var page = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(
            $"/v1/orders/changes?after={placed.Id - 1}&limit=1"));
        Assert.Equal(("orders.placed", page.GetProperty("items")[0].GetRawText()), (placed.Type, placed.Data));

        stream.Dispose();
        await shop.DoAsync(first, "confirm");
        var second = await shop.PlaceAsync((product, 1));
        using var again = await EventStream.OpenAsync(client, lastId: placed.Id);
        var missed = await again.UntilAsync(change => change.OrderId == second.Id);
        Assert.Equal([(first.Id, 2), (second.Id, 1)], missed.Select(change => (change.OrderId, change.Version)));
        Assert.Equal([placed.Id + 1, placed.Id + 2], missed.Select(change => change.Id));
    }

    [Fact]
    public async Task A_stream_shows_what_its_caller_may_see_and_asked_for()
    {
        var (shop, other) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var product = await shop.AddProductAsync();
        using var owner = await app.HolderAsync(["orders:read"], shop.CustomerId);
        using var all = await EventStream.OpenAsync(owner);
        using var paid = await EventStream.OpenAsync(owner, "?types=orders.paid");

        var theirs = await other.PaidAsync((product, 1));
        var own = await shop.PaidAsync((product, 1));

        var seen = await all.UntilAsync(change => change.Version == 3);
        Assert.Equal([(own.Id, 1), (own.Id, 2), (own.Id, 3)], seen.Select(change => (change.OrderId, change.Version)));
        Assert.Equal((own.Id, 3), await paid.NextAsync() is { } only ? (only.OrderId, only.Version) : default);
        Assert.DoesNotContain(theirs.Id, string.Concat(seen.Select(change => change.Data)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quiet_stream_says_that_it_lives_and_moves_its_position_over_what_is_not_for_it()
    {
        var (shop, other) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        using var owner = await app.HolderAsync(["orders:read"], shop.CustomerId);
        using var stream = await EventStream.OpenAsync(owner);
        var begin = stream.LastId;
        await other.PlaceAsync((await other.AddProductAsync(), 1));
        var nothing = stream.NextAsync();

        await Eventually.Is(() => Task.FromResult(stream.Comments > 0 && stream.LastId > begin), "a heartbeat with a newer position");
        Assert.False(nothing.IsCompleted);
    }

    [Fact]
    public async Task A_revoked_key_ends_the_stream()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        using var client = app.ApiWith(key.Token);
        using var stream = await EventStream.OpenAsync(client);

        await Shop.Ok(await app.Api.DeleteAsync($"/v1/keys/{key.Id}"));

        await stream.EndAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Who_reads_slowly_gets_everything_and_holds_up_nobody()
    {
        var shop = await Shop.OpenAsync(app);
        var products = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => shop.AddProductAsync(new string('x', 180))));
        // The customer's own key: what others write meanwhile is not for it.
        var key = await app.CreateKeyAsync(["orders:read"], shop.CustomerId);
        using var client = app.ApiWith(key.Token);
        using var quick = await EventStream.OpenAsync(client);
        using var slow = await SlowReader.OpenAsync(client.BaseAddress!, key.Token);

        // More than what sockets and buffers on the way hold.
        var lines = products.Select(product => (product, 1)).ToArray();
        var placed = new List<string>();
        for (var i = 0; i < 240; i += 8)
            placed.AddRange((await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.PlaceAsync(lines)))).Select(order => order.Id));
        var seen = await quick.UntilAsync(Last(placed));

        var caughtUp = await slow.UntilAsync(seen[^1].Id);
        Assert.Equal(seen.Select(change => change.Id), caughtUp);
        Assert.Equal(placed.Order(StringComparer.Ordinal), seen.Select(change => change.OrderId).Order(StringComparer.Ordinal));
        Assert.True(seen.Sum(change => (long)change.Data.Length) > 8_000_000, "too little to fill the buffers");
    }

    [Theory]
    [InlineData("?after=9000000000000000000", "after")]
    [InlineData("?after=x", "after")]
    [InlineData("?types=gone", "types")]
    public async Task What_is_wrong_with_a_request_is_said_by_its_name(string query, string field)
    {
        var reply = await app.Api.GetAsync("/v1/orders/stream" + query);
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
    }

    private static Func<StreamedEvent, bool> Last(List<string> placed)
    {
        var left = placed.ToHashSet(StringComparer.Ordinal);
        return change =>
        {
            left.Remove(change.OrderId);
            return left.Count == 0;
        };
    }
}

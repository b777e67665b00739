using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Searching;

/// <summary>Who hands back what a write told him finds what he wrote; every search says how far the index has come.</summary>
public sealed class ReadYourWrites(OrdersApplication app) : ApplicationTests
{
    private const string Header = "Orders-Position";

    [Fact]
    public async Task A_search_with_a_writes_position_waits_and_finds_what_was_written()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        for (var i = 0; i < 5; i++)
        {
            var placed = await shop.TryPlaceAsync((product, 1));
            var order = Shop.Read(await placed.Content.ReadAsByteArrayAsync());
            Assert.Equal($"{order.Id}:1", PositionOf(placed));
            var found = await ReachedAsync(shop, PositionOf(placed));
            Assert.Equal(("placed", 1), found.Hits[order.Id]);

            var confirmed = await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/confirm", null);
            Assert.Equal($"{order.Id}:2", PositionOf(confirmed));
            var again = await ReachedAsync(shop, PositionOf(confirmed));
            Assert.Equal(("confirmed", 2), again.Hits[order.Id]);
        }

        Assert.Null((await SearchAsync(app.Api, shop, null)).Reached);
    }

    [Fact]
    public async Task A_replayed_reply_has_the_position_of_the_first_one()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var key = Guid.NewGuid().ToString();
        var first = await ConfirmAsync(order, key);
        await shop.DoAsync(order, "cancel", new { reason = "another version" });

        var second = await ConfirmAsync(order, key);

        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal((order.Id + ":2", order.Id + ":2"), (PositionOf(first), PositionOf(second)));
    }

    [Fact]
    public async Task A_position_that_cannot_come_is_not_waited_for_and_says_nothing_of_others_orders()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.FoundAsync(order);
        var other = await Shop.OpenAsync(app);
        using var stranger = await app.HolderAsync(["orders:read"], other.CustomerId);
        using var owner = await app.HolderAsync(["orders:read"], shop.CustomerId);

        Assert.True((await SearchAsync(owner, shop, order.Id + ":1")).Reached);
        Assert.False((await SearchAsync(stranger, shop, order.Id + ":1")).Reached);
        // Neither a version nor an order that is not there: with waiting this would take forty seconds.
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++)
        {
            Assert.False((await SearchAsync(app.Api, shop, order.Id + ":2")).Reached);
            Assert.False((await SearchAsync(app.Api, shop, "ord-01a20099-c244-7c5f-a51b-b4b96a893e3e:1")).Reached);
        }

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("ord-01a20099-c244-7c5f-a51b-b4b96a893e3e")]
    [InlineData("ord-01a20099-c244-7c5f-a51b-b4b96a893e3e:0")]
    [InlineData("ord-01a20099-c244-7c5f-a51b-b4b96a893e3e:-1")]
    [InlineData("ord-01a20099-c244-7c5f-a51b-b4b96a893e3e:99999999999")]
    [InlineData("ord-' OR 1=1:1")]
    public async Task What_is_no_position_is_refused_by_name(string position)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders/search?q=calle");
        request.Headers.TryAddWithoutValidation(Header, position);
        var reply = await app.Api.SendAsync(request);
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([Header], await Problem.FieldsAsync(reply));
    }

    [Fact]
    public async Task Whatever_is_in_the_feed_up_to_a_searchs_freshness_is_in_its_answer()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var found = new List<Found>();
        using var end = new CancellationTokenSource();
        var positions = 0;
        var searching = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                found.Add(await SearchAsync(app.Api, shop, null));
                if (found.Count > 1 && found[^1].Position > found[^2].Position) Interlocked.Increment(ref positions);
            }
        });
        // No more than fit a page.
        for (var i = 0; i < 180 && Volatile.Read(ref positions) < 5; i++)
        {
            var order = await shop.PlaceAsync((product, 1));
            if (i % 2 == 0) await shop.DoAsync(order, "confirm");
        }

        await end.CancelAsync();
        await searching;
        await QuietAsync(shop);
        found.Add(await SearchAsync(app.Api, shop, null));

        var changes = (await app.Database.ListAsync<string>(
            "select order_id || ' ' || version || ' ' || position from order_changes where customer_id = $1", shop.CustomerId))
            .ConvertAll(line => line.Split(' '))
            .ConvertAll(part => (Id: part[0], Version: int.Parse(part[1]), Position: long.Parse(part[2])));
        Assert.InRange(changes.Count, 10, int.MaxValue);
        foreach (var answer in found)
        {
            foreach (var change in changes.Where(change => change.Position <= answer.Position))
                Assert.InRange(answer.Hits.GetValueOrDefault(change.Id).Version, change.Version, int.MaxValue);
        }

        // It moved while they were written, and in the end it has all of them.
        var own = changes.ConvertAll(change => change.Position);
        Assert.InRange(found.Select(answer => answer.Position).Distinct().Count(position => position >= own.Min()), 2, int.MaxValue);
        Assert.InRange(found[^1].Position, own.Max(), long.MaxValue);
    }

    [StormFact]
    public async Task An_index_that_nobody_writes_to_says_how_far_behind_it_is()
    {
        // One that another test has begun would open the gate again.
        await app.NoRebuildAsync();
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        await shop.FoundAsync(await shop.PlaceAsync((product, 1)));
        await app.ExecuteAsync("update search_gate set closed_until = now() + interval '50 seconds'");
        try
        {
            var placed = await shop.TryPlaceAsync((product, 1));
            var order = Shop.Read(await placed.Content.ReadAsByteArrayAsync());
            await Eventually.Is(async () => await app.Database.ScalarAsync<long>(
                "select count(*) from order_changes where order_id = $1", order.Id) == 1, "it is in the feed");
            var position = await app.Database.ScalarAsync<long>("select position from order_changes where order_id = $1", order.Id);

            var behind = await Eventually.Get(
                () => SearchAsync(app.Api, shop, PositionOf(placed)), answer => answer.Behind > 3, "it is seen to be behind");

            Assert.False(behind.Reached);
            Assert.DoesNotContain(order.Id, behind.Hits.Keys);
            Assert.InRange(behind.Position, 0, position - 1);
            await app.ExecuteAsync("update search_gate set closed_until = null");
            var there = await Eventually.Get(
                () => SearchAsync(app.Api, shop, PositionOf(placed)), answer => answer.Reached == true, "it is found after all");
            Assert.Equal(("placed", 1), there.Hits[order.Id]);
            await Eventually.Is(async () => (await SearchAsync(app.Api, shop, null)).Position >= position, "the index has come past it");
        }
        finally
        {
            await app.ExecuteAsync("update search_gate set closed_until = null");
        }
    }

    private sealed record Found(
        bool? Reached, long Position, double? Behind, IReadOnlyDictionary<string, (string Status, int Version)> Hits);

    /// <summary>Until the index has all that the shop has written.</summary>
    private Task QuietAsync(Shop shop) => Eventually.Is(async () =>
    {
        var last = await app.Database.ScalarAsync<long>(
            "select coalesce(max(position), 0) from order_changes where customer_id = $1", shop.CustomerId);
        var all = await app.Database.ScalarAsync<bool>(
            "select not exists (select from orders o where customer_id = $1 and not exists "
            + "(select from order_changes c where c.order_id = o.id and c.version = o.version))", shop.CustomerId);
        return all && (await SearchAsync(app.Api, shop, null)).Position >= last;
    }, "the index has everything");

    /// <summary>Asks again when the system is too slow just now; but no answer comes before it was waited for.</summary>
    private async Task<Found> ReachedAsync(Shop shop, string position)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var clock = Stopwatch.StartNew();
            var found = await SearchAsync(app.Api, shop, position);
            if (found.Reached == true) return found;
            Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.MaxValue);
        }

        throw new TimeoutException($"{position} is not searchable");
    }

    private async Task<HttpResponseMessage> ConfirmAsync(OrderState order, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/orders/{order.Id}/confirm");
        request.Headers.Add("Idempotency-Key", key);
        var reply = await app.Api.SendAsync(request);
        await Shop.Ok(reply);
        return reply;
    }

    private static string PositionOf(HttpResponseMessage reply) => reply.Headers.GetValues(Header).Single();

    private static async Task<Found> SearchAsync(HttpClient api, Shop shop, string? position)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/search?q={shop.Word}&sort=-placed_at&page_size=200");
        if (position is not null) request.Headers.Add(Header, position);
        var reply = await api.SendAsync(request);
        await Shop.Ok(reply);
        var page = JsonSerializer.Deserialize<JsonElement>(await reply.Content.ReadAsStringAsync());
        var freshness = page.TryGetProperty("freshness", out var known) ? known : default;
        return new Found(
            page.TryGetProperty("position_reached", out var reached) ? reached.GetBoolean() : null,
            freshness.ValueKind == JsonValueKind.Object ? freshness.GetProperty("position").GetInt64() : -1,
            freshness.ValueKind == JsonValueKind.Object ? freshness.GetProperty("behind_seconds").GetDouble() : null,
            page.GetProperty("hits").EnumerateArray().ToDictionary(
                hit => hit.GetProperty("id").GetString()!,
                hit => (hit.GetProperty("status").GetString()!, hit.GetProperty("version").GetInt32())));
    }
}

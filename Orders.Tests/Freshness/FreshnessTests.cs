using System.Net.Http.Json;
using System.Text.Json;
using Orders.ServiceDefaults.Freshness;
using Orders.Tests.Support;

namespace Orders.Tests.Freshness;

[Unit]
public sealed class FreshnessBucketTests
{
    [Fact]
    public void A_percentile_is_within_a_fifth_of_the_delay_that_it_stands_for()
    {
        var random = new Random(7);
        var delays = Enumerable.Range(0, 20_000).Select(_ => 0.002 * Math.Pow(50_000, random.NextDouble())).Order().ToArray();
        var counts = new long[FreshnessBuckets.Count];
        foreach (var delay in delays) counts[FreshnessBuckets.Of(TimeSpan.FromSeconds(delay))]++;
        foreach (var share in new[] { 0.01, 0.5, 0.95, 0.99, 1 })
        {
            var exact = delays[(int)Math.Ceiling(delays.Length * share) - 1];
            Assert.InRange(FreshnessBuckets.Percentile(counts, share)!.Value, exact / 1.2, exact * 1.2);
        }
    }

    [Fact]
    public void The_ends_are_in_buckets_and_nothing_has_no_percentile()
    {
        Assert.Equal(0, FreshnessBuckets.Of(TimeSpan.FromMilliseconds(-5)));
        Assert.Equal(0, FreshnessBuckets.Of(TimeSpan.Zero));
        Assert.Equal(FreshnessBuckets.Count - 1, FreshnessBuckets.Of(TimeSpan.MaxValue));
        Assert.Null(FreshnessBuckets.Percentile(new long[FreshnessBuckets.Count], 0.5));
    }

    [Fact]
    public void What_is_taken_is_gone_until_it_is_returned()
    {
        var board = new FreshnessBoard();
        board.Record("search", TimeSpan.FromSeconds(1));
        board.Record("search", TimeSpan.FromSeconds(1));
        var (stage, counts) = Assert.Single(board.Take());
        Assert.Equal(("search", 2), (stage, counts.Sum()));
        Assert.Empty(board.Take());
        board.Return(stage, counts);
        board.Record("search", TimeSpan.FromSeconds(1));
        Assert.Equal(3, Assert.Single(board.Take()).Counts.Sum());
    }
}

public sealed class FreshnessTests(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Every_change_is_stamped_at_every_stage_and_a_canary_sees_it_from_outside()
    {
        var before = await ChangesAsync();
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        for (var i = 0; i < 20; i++) await shop.PlaceAsync((product, 1));

        await Eventually.Holds(async () =>
        {
            var after = await ChangesAsync();
            foreach (var stage in new[] { "kafka", "search_enqueued", "search" })
            {
                var stamped = after.GetValueOrDefault(stage) - before.GetValueOrDefault(stage);
                Assert.True(stamped >= 20, $"{stage}: {stamped}");
            }
        });
        // The canary looks every few seconds for what has just happened.
        await Eventually.Is(async () =>
        {
            await shop.PlaceAsync((product, 1));
            return (await ChangesAsync()).GetValueOrDefault("canary") > before.GetValueOrDefault("canary");
        }, "a canary has been seen");
        foreach (var stage in (await ReadAsync()).GetProperty("stages").EnumerateArray())
        {
            var (p50, p95, p99) = (
                stage.GetProperty("p50").GetDouble(), stage.GetProperty("p95").GetDouble(), stage.GetProperty("p99").GetDouble());
            Assert.True(p50 > 0 && p50 <= p95 && p95 <= p99, stage.GetRawText());
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1441")]
    [InlineData("x")]
    public async Task A_window_out_of_range_is_refused_by_name(string minutes)
    {
        var reply = await app.Api.GetAsync($"/v1/freshness?minutes={minutes}");
        await Shop.Expect(reply, System.Net.HttpStatusCode.BadRequest);
        var problem = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("minutes", problem.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    private async Task<Dictionary<string, long>> ChangesAsync() => (await ReadAsync()).GetProperty("stages").EnumerateArray()
        .ToDictionary(stage => stage.GetProperty("name").GetString()!, stage => stage.GetProperty("changes").GetInt64());

    private async Task<JsonElement> ReadAsync()
    {
        var reply = await app.Api.GetAsync("/v1/freshness?minutes=1440");
        await Shop.Ok(reply);
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }
}

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

/// <summary>Facts and rollups that somebody has changed behind the stream's back.</summary>
public sealed class ProvingAnalytics(OrdersApplication app) : StormTests
{
    private const string Rollups = "analytics-rollups";

    [Fact]
    public async Task Facts_that_differ_are_found_and_mended_whatever_is_wrong_with_them()
    {
        var (shop, orders) = await app.CleanAsync(7);
        await SpoilAsync(orders[0], "update analytics.order_facts set total = total + 1, status = 'failed' where order_id = $1");
        await SpoilAsync(orders[1], "delete from analytics.order_facts where order_id = $1");
        await SpoilAsync(orders[2], "update analytics.order_facts set version = 99 where order_id = $1");
        await SpoilAsync(orders[3], "update analytics.order_item_facts set quantity = 7 where order_id = $1");
        await SpoilAsync(orders[4], "update analytics.order_facts set version = version - 1 where order_id = $1");
        await SpoilAsync(orders[5], "update analytics.order_facts set placed_at = placed_at + interval '40 days' where order_id = $1");
        await SpoilAsync(orders[6], "delete from analytics.order_item_facts where order_id = $1");
        await SpoilAsync(orders[0], """
            insert into analytics.order_facts select (jsonb_populate_record(f, jsonb_build_object('order_id', 'ord-none-' || f.order_id,
                'customer_id', 'cus-none', 'placed_at', '2020-01-31T23:00:00Z'))).* from analytics.order_facts f where order_id = $1
            """);
        await SpoilAsync(orders[1], """
            insert into analytics.order_item_facts select (jsonb_populate_record(f, jsonb_build_object('order_id', 'ord-none-' ||
                f.order_id))).* from analytics.order_item_facts f where order_id = $1
            """);

        Assert.Equal("altered 4, ghosts 2, missing 1, newer 1, older 1", await app.MendedAsync("analytics", 9));

        await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
        await Recount.EqualsFactsAsync(app.Database);
        Assert.Equal(0, await app.Database.ScalarAsync<long>(
            """
            select (select count(*) from analytics.order_facts where order_id like 'ord-none-%')
                + (select count(*) from analytics.order_item_facts where order_id like 'ord-none-%')
                + (select count(*) from analytics.customer_facts where customer_id = 'cus-none')
            """));
        await app.AssertCleanAsync();
        // What was set right counts on like any other.
        await shop.DoAsync(orders[2], "confirm");
        await Eventually.Holds(() => Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId));
        await Recount.EqualsFactsAsync(app.Database);
    }

    [Fact]
    public async Task A_customers_first_order_is_found_again_when_another_one_was_taken_for_it()
    {
        var (shop, orders) = await app.CleanAsync(3);
        await SpoilAsync(orders[1], """
            with other as (update analytics.order_facts set segment = 'new' where order_id = $1 returning customer_id, placed_at)
            update analytics.customer_facts k set first_order_id = $1, first_placed_at = o.placed_at from other o
            where k.customer_id = o.customer_id
            """);
        await SpoilAsync(orders[0], "update analytics.order_facts set segment = 'returning' where order_id = $1");

        var found = await Eventually.Get(() => app.RunAsync(Proofs.Verify, new { depth = "full" }),
            proof => Proofs.Number(Proofs.Target(proof, "analytics"), "repaired") > 0, "it is mended");

        Assert.InRange(Proofs.Number(Proofs.Target(found, "analytics"), "altered"), 1, 3);
        await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
        await Recount.EqualsFactsAsync(app.Database);
        Assert.Equal(orders[0].Id, await FirstAsync(shop));
        await app.AssertCleanAsync();
    }

    [Fact]
    public async Task Rollups_that_differ_from_a_recount_of_the_facts_are_found_and_counted_anew()
    {
        var (shop, orders) = await app.CleanAsync(2);
        await SpoilRollupsAsync(orders[0]);

        var seen = await app.RunAsync(Proofs.Verify, new { repair = false });
        var target = Proofs.Target(seen, Rollups);
        Assert.False(seen.GetProperty("clean").GetBoolean());
        Assert.Equal((3, 0, 3), (Proofs.Found(target), Proofs.Number(target, "repaired"), Proofs.Number(target, "left")));
        Assert.NotEqual(target.GetProperty("expected_checksum").GetString(), target.GetProperty("actual_checksum").GetString());
        Assert.Contains(target.GetProperty("examples").EnumerateArray(),
            example => example.GetString() == $"product/month/{orders[0].PlacedAt:yyyy-MM}-01T00/EUR/{orders[0].Items[0].ProductId}");
        Assert.Equal(0, Proofs.Found(Proofs.Target(seen, "analytics")));

        Assert.Equal("altered 1, ghosts 1, missing 1, newer 0, older 0", await app.MendedAsync(Rollups, 3));

        await Recount.EqualsFactsAsync(app.Database);
        await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
        await app.AssertCleanAsync();
    }

    [Fact]
    public async Task The_continuous_checker_mends_facts_and_rollups_and_its_metric_is_zero_again_a_pass_later()
    {
        var (shop, orders) = await app.CleanAsync(2);
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
        Assert.Equal((0, 0), await PassAsync());
        await SpoilAsync(orders[1], "update analytics.order_facts set total = total + 1 where order_id = $1");
        await SpoilRollupsAsync(orders[0]);

        var (facts, sums) = await Eventually.Get(PassAsync, seen => seen.Sums > 0, "the drift is seen");
        if (facts == 0) (facts, _) = await Eventually.Get(PassAsync, seen => seen.Facts > 0, "the drift of the fact too");

        Assert.Equal(1, facts);
        Assert.InRange(sums, 1, long.MaxValue);
        await Eventually.Get(PassAsync, seen => seen == (0, 0), "nothing differs");
        await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
        await Recount.EqualsFactsAsync(app.Database);

        async Task<(long Facts, long Sums)> PassAsync()
        {
            var seen = await gauge.PassAsync(checker);
            return (seen["analytics"], seen[Rollups]);
        }
    }

    /// <summary>One with other sums, one that is gone, one of nothing.</summary>
    private async Task SpoilRollupsAsync(OrderState order)
    {
        const string OfProduct =
            "dimension = 'product' and value = (select product_id from analytics.order_item_facts where order_id = $1)";
        await SpoilAsync(order, $"update analytics.rollups set revenue = revenue - 5 where grain = 'month' and {OfProduct}");
        await SpoilAsync(order, $"delete from analytics.rollups where grain = 'hour' and {OfProduct}");
        await SpoilAsync(order, $"""
            insert into analytics.rollups select dimension, grain, '2018-05-01Z', currency, value, 1, 1, 1, 1, 1, 1, 1, 1, 1
            from analytics.rollups where grain = 'day' and {OfProduct}
            """);
    }

    private async Task SpoilAsync(OrderState order, string sql) => Assert.True(await app.ExecuteAsync(sql, order.Id) > 0, sql);

    private Task<string> FirstAsync(Shop shop) => app.Database.ScalarAsync<string>(
        "select first_order_id from analytics.customer_facts where customer_id = $1", shop.CustomerId);
}

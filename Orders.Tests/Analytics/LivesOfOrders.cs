using System.Net;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Analytics;
using Orders.Tests.Support;

namespace Orders.Tests.Analytics;

/// <summary>Orders that live through the api, and what analytics makes of them.</summary>
public sealed class LivesOfOrders(OrdersApplication app) : StormTests
{
    [Fact]
    public async Task After_any_lives_of_orders_the_facts_equal_the_orders_and_the_rollups_a_recount()
    {
        var seed = Random.Shared.Next();
        var shop = await Shop.OpenAsync(app);
        string[] products =
            [await shop.AddProductAsync(), await shop.AddProductAsync("Mesa", 120.55m), await shop.AddProductAsync("Taza", 3.10m)];

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => LiveAsync(shop, products, new Random(seed + i))));

        await EqualAsync(shop, seed);
    }

    [Fact]
    public async Task A_rebuild_while_orders_are_placed_mends_whatever_was_wrong()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var orders = new List<OrderState>();
        for (var i = 0; i < 6; i++) orders.Add(await shop.PaidAsync((product, 1)));
        await Eventually.Holds(() => Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId));
        await SpoilAsync(shop, orders, product);
        using var enough = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            // Not as fast as they are answered: the rebuild is what is looked at, and everything placed is counted again at the end.
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (await pace.WaitForNextTickAsync() && !enough.IsCancellationRequested) await shop.PaidAsync((product, 1));
        });

        var reports = new List<AnalyticsRebuildProgress>();
        var rebuild = new AnalyticsRebuild(app.Database, Options.Create(new AnalyticsOptions { RebuildOrdersMax = 500 }));
        var ended = await rebuild.RunAsync(AnalyticsRebuildProgress.Start, Note, CancellationToken.None);
        await enough.CancelAsync();
        await load;

        Assert.True(ended.Orders >= orders.Count && ended.Removed >= 1 && ended.Phase == "done", ended.ToString());
        await EqualAsync(shop, 0);
        // Resumed from where it was at any moment it ends the same way.
        var half = reports.First(report => report is { Phase: "orders", Orders: > 0 });
        await rebuild.RunAsync(half, _ => Task.CompletedTask, CancellationToken.None);
        await EqualAsync(shop, 0);

        Task Note(AnalyticsRebuildProgress report)
        {
            reports.Add(report);
            return Task.CompletedTask;
        }
    }

    /// <summary>Wrong amounts, a missing order, a stranger, a wrong first order, a wrong sum and a sum of nothing.</summary>
    private async Task SpoilAsync(Shop shop, List<OrderState> orders, string product)
    {
        (string Sql, string Argument)[] spoil =
        [
            ("update analytics.order_facts set total = total + 1, status = 'failed' where order_id = $1", orders[1].Id),
            ("delete from analytics.order_facts where order_id = $1", orders[2].Id),
            ("""
             insert into analytics.order_facts select (s.row).* from (select jsonb_populate_record(f, jsonb_build_object('order_id',
                 'ord-none-' || $1, 'placed_at', '2020-01-31T23:00:00Z')) as row from analytics.order_facts f where order_id = $1) s
             """, orders[1].Id),
            ("update analytics.customer_facts set first_order_id = 'ord-nothing', first_placed_at = '2019-01-01Z' where customer_id = $1",
                shop.CustomerId),
            ("update analytics.rollups set revenue = revenue - 5 where dimension = 'product' and value = $1", product),
            ("""
             insert into analytics.rollups select dimension, grain, '2018-05-01Z', currency, value, 1, 1, 1, 1, 1, 1, 1, 1, 1
             from analytics.rollups where dimension = 'product' and value = $1 and grain = 'hour' limit 1
             """, product),
        ];
        foreach (var (sql, argument) in spoil) Assert.True(await app.ExecuteAsync(sql, argument) > 0, sql);
    }

    private Task EqualAsync(Shop shop, int seed) => Eventually.Holds(async () =>
    {
        try
        {
            await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
            await Recount.EqualsFactsAsync(app.Database);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"seed {seed}: {error.Message}", error);
        }
    });

    /// <summary>Places an order and tries whatever comes to mind; what is not allowed just then is refused and changes nothing.</summary>
    private static async Task LiveAsync(Shop shop, string[] products, Random random)
    {
        var order = await shop.PlaceAsync([.. products.Take(random.Next(1, 4)).Select(product => (product, random.Next(1, 5)))]);
        // Mostly forwards, so that some orders come to their end.
        string[] moves = ["confirm", "pay", "ship", "deliver", "return", "refunds", "edit", "cancel", "fail"];
        for (var i = 0; i < 14; i++)
        {
            var move = random.Next(3) == 0 ? moves[random.Next(moves.Length)] : moves[Math.Min(i / 2, 5)];
            var reply = move == "edit"
                ? await shop.SendAsync(HttpMethod.Patch, $"/v1/orders/{order.Id}",
                    new { items = new[] { new { product_id = products[random.Next(3)], quantity = random.Next(1, 9) } } },
                    (await shop.SendAsync(HttpMethod.Get, $"/v1/orders/{order.Id}", null)).Headers.ETag!.ToString())
                : await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/{move}", move switch
                {
                    "pay" => new { method = "card", reference = "R-1", amount = await TotalAsync(shop, order.Id) },
                    "ship" => new { carrier = "Correos" },
                    "refunds" => new { amount = random.Next(1, 300) / 100m },
                    _ => null,
                });
            Assert.True((int)reply.StatusCode < 500, $"{move}: {reply.StatusCode} {await reply.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task<decimal> TotalAsync(Shop shop, string id)
    {
        var reply = await shop.SendAsync(HttpMethod.Get, $"/v1/orders/{id}", null);
        await Shop.Expect(reply, HttpStatusCode.OK);
        return Shop.Read(await reply.Content.ReadAsByteArrayAsync()).Total;
    }
}

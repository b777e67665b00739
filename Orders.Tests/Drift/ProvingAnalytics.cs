using Orders.Contracts;
using Orders.Tests.Analytics;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Drift;

/// <summary>What of analytics no other order shows.</summary>
public sealed class ProvingAnalytics(OrdersApplication app) : StormTests
{
    [Fact]
    public async Task A_customers_first_order_is_found_again_when_another_one_was_taken_for_it()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        OrderState[] orders =
            [await shop.PlaceAsync((product, 1)), await shop.PlaceAsync((product, 1)), await shop.PlaceAsync((product, 1))];
        await Eventually.Holds(() => Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId));
        await SpoiltFacts.SpoilAsync(app, orders[1], """
            with other as (update analytics.order_facts set segment = 'new' where order_id = $1 returning customer_id, placed_at)
            update analytics.customer_facts k set first_order_id = $1, first_placed_at = o.placed_at from other o
            where k.customer_id = o.customer_id
            """);
        await SpoiltFacts.SpoilAsync(app, orders[0], "update analytics.order_facts set segment = 'returning' where order_id = $1");

        var found = await Eventually.Get(() => app.RunAsync(Proofs.Verify, new { depth = "full" }),
            proof => Proofs.Number(Proofs.Target(proof, "analytics"), "repaired") > 0, "it is mended");

        Assert.InRange(Proofs.Number(Proofs.Target(found, "analytics"), "altered"), 1, 3);
        await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
        await Recount.EqualsFactsAsync(app.Database);
        Assert.Equal(orders[0].Id, await FirstAsync(shop));
    }

    private Task<string> FirstAsync(Shop shop) => app.Database.ScalarAsync<string>(
        "select first_order_id from analytics.customer_facts where customer_id = $1", shop.CustomerId);
}

using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Orders.Api.Domain;
using Orders.Api.Features.Placing;
using Orders.Simulator.Calendars;
using Orders.Simulator.Model;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;
using Orders.Tests.Domain;

namespace Orders.Tests.Simulation;

/// <summary>What a profile changes about orders, and that whole orders are right to the cent.</summary>
[Unit]
public sealed class ProfiledOrderTests
{
    private static readonly SimulatedTables Tables = SimulatedTables.Generate(42, 1000, 1200, 300);
    private static readonly ShopData Shop = ShopData.From(Tables, "EUR");

    /// <summary>Computed from the rules without this code, and the same before there were profiles.</summary>
    [Fact]
    public void The_stream_of_the_default_profile_is_known()
    {
        var model = new OrderModel(ShopTables.From(Tables.Customers, Tables.Addresses, Tables.Products));
        var intents = new OrderIntents(42, "golden", 0.05);
        var texts = Enumerable.Range(0, 1000).Append(4711).Select(number => intents.At(number, model)).Select(intent =>
            $"{intent.IdempotencyKey} {intent.Request.Channel} {intent.Request.AddressId} "
            + string.Join(" ", intent.Request.Items.Select(line => $"{line.Quantity}x{line.ProductId}"))).ToList();

        Assert.Equal(
            "3a62c5cc-3756-477b-8e90-ef49f445431d app add-60385497-47ff-4377-8a50-4d25d2c14037 "
            + "3xpro-1ac683a2-e170-4128-b9f0-ee396ff740ac 3xpro-64acd406-9551-4707-8674-e054b854d3ed "
            + "2xpro-a68b34b7-2d37-43d1-b79e-8f973be20b54 2xpro-8408da94-3674-4c8b-9ffe-17e90459196f", texts[^1]);
        Assert.Equal(
            "a6013fe648eeee70f4ed3ac90fe5c27af959c29f665963f19a54e987a42e0bee",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join("\n", texts[..^1])))));
    }

    [Fact]
    public void Popularity_follows_Zipf()
    {
        var baskets = Baskets(new Profile { Popularity = new() { Zipf = 1 } });
        var counts = baskets.SelectMany(basket => basket.Lines).CountBy(line => line.Product)
            .Select(pair => pair.Value).OrderDescending().ToList();
        var sum = Enumerable.Range(1, Shop.Products.Count).Sum(rank => 1.0 / rank);
        var all = counts.Sum();

        Assert.InRange(counts[0] / (double)all, 0.95 / sum, 1.05 / sum);
        Assert.InRange(counts[1] / (double)all, 0.95 / sum / 2, 1.05 / sum / 2);
        Assert.InRange(counts[9] / (double)all, 0.9 / sum / 10, 1.1 / sum / 10);
    }

    [Fact]
    public void The_bestseller_stays_the_bestseller_when_the_catalogue_grows()
    {
        var rank = new Popularity(["pro-a", "pro-b", "pro-c"], 3);
        var longer = new Popularity(["pro-x", "pro-a", "pro-b", "pro-c"], 3);

        var (before, after) = (Order(rank, ["pro-a", "pro-b", "pro-c"]), Order(longer, ["pro-x", "pro-a", "pro-b", "pro-c"]));

        Assert.Equal(before, after.Where(id => id != "pro-x"));

        static List<string> Order(Popularity popularity, string[] ids)
        {
            var random = new SeededRandom(3);
            return
            [
                .. Enumerable.Range(0, 20_000).CountBy(_ => ids[popularity.Draw(random)])
                    .OrderByDescending(pair => pair.Value).Select(pair => pair.Key),
            ];
        }
    }

    [Fact]
    public void What_is_bought_together_stands_in_one_basket()
    {
        var profile = new Profile
        {
            Lines = [0, 1],
            Affinity = new()
            {
                Chance = 1, Together = new() { ["Kitchen"] = new() { ["Groceries"] = 3, ["Kitchen"] = 1, ["nothing such"] = 5 } },
            },
        };
        var pairs = Baskets(profile).Select(basket => basket.Lines.Select(line => Shop.Products[line.Product].Category).ToArray()).ToList();

        Statistics.AssertShares(pairs.Where(pair => pair[0] == "Kitchen").Select(pair => pair[1]),
            new Dictionary<string, double> { ["Groceries"] = 3, ["Kitchen"] = 1 });
        Statistics.AssertShares(pairs.Where(pair => pair[0] == "Sports").Select(pair => pair[1]),
            Shop.Products.CountBy(product => product.Category).ToDictionary(shelf => shelf.Key, shelf => (double)shelf.Value));
    }

    [Fact]
    public void Regulars_have_their_share_of_the_orders()
    {
        var regulars = new RegularsProfile { Share = 0.1, Orders = 0.6 };
        var customers = Baskets(new Profile { Regulars = regulars }).Select(basket => Shop.Customers[basket.Destination].ClientId).ToList();

        Statistics.AssertShares(customers.Select(id => Regulars.IsRegular(id, 0.1)),
            new Dictionary<bool, double> { [true] = 0.6, [false] = 0.4 });
        Assert.InRange(Shop.Customers.Average(customer => Regulars.IsRegular(customer.ClientId, 0.1) ? 1.0 : 0.0), 0.07, 0.13);
    }

    [Fact]
    public void Amounts_are_those_of_the_api_to_the_cent() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3000),
        Prop.ForAll(Carts(), cart =>
        {
            var lines = cart.Cents.Select((cents, i) =>
                (Sample.Product($"pro-{i}", cents / 100m, cart.Grams[i] / 1000m), cart.Quantities[i]));
            var draft = Sample.Draft([.. lines]) with
            {
                Discount = cart.Off == 0 ? null : new Discount
                {
                    Code = "X", Percent = cart.IsPercent ? cart.Off / 100m : null, Amount = cart.IsPercent ? null : cart.Off / 100m,
                    MinSubtotal = 0, Uses = 0, Active = true,
                },
            };
            var order = Order.Place(draft, new PricingOptions().ToPriceList(), Sample.Noon).Value!.Order;

            var amounts = new Pricing(new ShippingProfile()).AddUp(
                [.. cart.Cents.Select((cents, i) => new PricedLine(cents / 100m, cart.Grams[i] / 1000m, cart.Quantities[i]))],
                cart.Off == 0 ? null : new DiscountProfile
                {
                    Code = "X", Percent = cart.IsPercent ? cart.Off / 100m : null, Amount = cart.IsPercent ? null : cart.Off / 100m,
                });
            return (amounts.Subtotal, amounts.Discount, amounts.Shipping, amounts.Tax, amounts.Total, amounts.TotalWeight)
                    == (order.Subtotal, order.Discount, order.Shipping, order.Tax, order.Total, order.TotalWeight)
                && amounts.LineDiscounts.SequenceEqual(order.Items.Select(item => item.Discount ?? 0));
        }));

    [Fact]
    public void An_order_can_be_made_again_and_follows_in_time_the_one_before()
    {
        var (first, second) = (Generator(), Generator());
        var orders = Enumerable.Range(0, 2000).Select(number => first.At(number)).ToList();

        Assert.Equal(Text(orders[1234]), Text(second.At(1234)));
        Assert.Equal(orders.Select(order => order.PlacedAt).Order(), orders.Select(order => order.PlacedAt));
        Assert.Distinct(orders.Select(order => order.Key).ToList());
        Assert.All(orders, order =>
        {
            Assert.Equal("active", order.Customer.Status);
            Assert.Equal(order.Customer.ClientId, order.Address.ClientId);
            Assert.True(order.Amounts.Total == order.Amounts.Subtotal - order.Amounts.Discount + order.Amounts.Shipping);
        });
    }

    [Fact]
    public void A_code_is_used_only_in_its_season_and_from_its_subtotal_on()
    {
        var generator = Generator(new Profile
        {
            Discounts = [new() { Code = "REBAJAS", Percent = 20, MinSubtotal = 50, Share = 0.5, During = "winter sales" }],
        });
        var orders = Enumerable.Range(0, 5000).Select(number => generator.At(number)).ToList();
        var used = orders.Where(order => order.DiscountCode == "REBAJAS").ToList();

        Assert.All(used, order => Assert.True(order.Amounts is { Subtotal: >= 50, Discount: > 0 }
            && MadridTime.Local(order.PlacedAt) is { DayOfYear: >= 7 and <= 38 }));
        var could = orders.Count(order => order.Amounts.Subtotal >= 50 && MadridTime.Local(order.PlacedAt).DayOfYear is >= 7 and <= 38);
        Assert.InRange(used.Count / (double)could, 0.4, 0.6);
    }

    private static OrderGenerator Generator(Profile? profile = null)
    {
        var rules = profile ?? Profile.Default;
        var span = new CalendarSpan(new ShopCalendar(rules.Calendar), MadridTime.Instant(new DateTime(2025, 1, 1)),
            MadridTime.Instant(new DateTime(2026, 1, 1)));
        return new OrderGenerator(42, "test", Shop, rules, span, 5000);
    }

    private static string Text(SimulatedOrder order) =>
        $"{order} {string.Join(" ", order.Lines)} {string.Join(" ", order.Amounts.LineDiscounts)} {string.Join(" ", order.Life)}";

    private static List<Basket> Baskets(Profile profile)
    {
        var (model, random) = (new OrderModel(Shop.Tables, profile), new SeededRandom(11));
        return [.. Enumerable.Range(0, 100_000).Select(_ => model.Draw(random))];
    }

    private static Arbitrary<(int[] Cents, int[] Quantities, int[] Grams, int Off, bool IsPercent)> Carts()
    {
        var carts = from count in Gen.Choose(1, 12)
                    from cents in Gen.Choose(0, 99_999).ArrayOf(count)
                    from quantities in Gen.Choose(1, 1000).ArrayOf(count)
                    from grams in Gen.Choose(0, 30_000).ArrayOf(count)
                    from isPercent in Gen.Elements(true, false)
                    from off in isPercent ? Gen.Choose(0, 10_000) : Gen.Choose(0, 5_000_000)
                    select (cents, quantities, grams, off, isPercent);
        return carts.ToArbitrary();
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Orders.Contracts;

namespace Orders.Tests.Simulation;

/// <summary>A verification against an API that is right, wrong, slow and away.</summary>
[Unit]
public sealed class VerifyCommandTests : IDisposable
{
    private const int Count = PlacedRun.Count;
    private const string Channel = "verify-";

    private readonly VerifyFake _shop = new();
    private readonly CliRun _cli;
    private readonly string[] _sentence;

    public VerifyCommandTests()
    {
        _cli = new CliRun { Network = () => _shop };
        _sentence = PlacedRun.Sentence(_cli);
    }

    public void Dispose()
    {
        _cli.Dispose();
        _shop.Dispose();
    }

    [Fact]
    public async Task Orders_that_are_everywhere_once_and_right_are_proven()
    {
        var placed = await PlaceAsync();

        Assert.Equal(Count, _shop.Stored.Count);
        Assert.Contains($"sent: {Count} orders; {Count} acknowledged, 0 refused, 0 open", placed.Output, StringComparison.Ordinal);
        Assert.Contains("everything that was acknowledged is there, once and right", placed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ordk_x", placed.Output + placed.Error + await File.ReadAllTextAsync(_cli.PathOf("ledger.ndjson")),
            StringComparison.Ordinal);
        // Lives of all kinds, or the model would not be tested.
        Assert.Superset(
            new HashSet<OrderStatus>([OrderStatus.Placed, OrderStatus.Confirmed, OrderStatus.Paid, OrderStatus.Delivered,
                OrderStatus.Cancelled, OrderStatus.Returned]), _shop.Stored.Values.Select(order => order.Status).ToHashSet());
        Assert.Contains(_shop.Stored.Values, order => order.Refunds is not null);
        Assert.Contains(_shop.Stored.Values, order => order.Shipments is { Count: > 1 });
        var compared = JsonNode.Parse(placed.Report)!["compared"]!;
        Assert.All(["database", "search", "reply"], where => Assert.True((int)compared[where]! >= Count, where));
        Assert.All(["cache", "history"], where => Assert.True((int)compared[where]! >= 50, where));
        // And what another session reads from the ledger is as good.
        Assert.True(await _cli.RunAsync([.. _sentence, "--check-only"]) == 0, _cli.Output + _cli.Error);
    }

    [Fact]
    public async Task A_lost_order_is_found()
    {
        await PlaceAsync();
        var lost = Order(17);
        _shop.Stored.Remove(lost.Id);

        await AssertFoundAsync("database, lost: 1", lost);
    }

    [Fact]
    public async Task A_doubled_order_is_found()
    {
        await PlaceAsync();
        var (doubled, copy) = (Order(18), "ord-" + Guid.CreateVersion7());
        _shop.Stored[copy] = doubled with { Id = copy, ExternalId = null };

        await AssertFoundAsync("database, doubled: 1", doubled);
        Assert.Contains($"expected {doubled.Id}, found {copy} as well", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_nobody_has_placed_is_found()
    {
        await PlaceAsync();
        var stray = Order(18) with { Id = "ord-" + Guid.CreateVersion7(), ExternalId = "somebody", PlacedAt = DateTimeOffset.UnixEpoch };
        _shop.Stored[stray.Id] = stray;

        await AssertFoundAsync("database, stray: 1", stray);
    }

    [Theory]
    [InlineData("total")]
    [InlineData("customer.name")]
    [InlineData("destination.road")]
    [InlineData("items[0].unit_price")]
    [InlineData("items[0].quantity")]
    [InlineData("status")]
    [InlineData("version")]
    [InlineData("updated_at")]
    [InlineData("number")]
    public async Task Wrong_content_is_found(string field)
    {
        await PlaceAsync();
        var order = Order(19);
        _shop.Stored[order.Id] = field switch
        {
            "total" => order with { Total = order.Total + 0.01m },
            "customer.name" => order with { Customer = order.Customer with { Name = "Nadie" } },
            "destination.road" => order with { Destination = order.Destination with { Road = "Calle Falsa" } },
            "items[0].unit_price" => order with { Items = [order.Items[0] with { UnitPrice = 0.01m }, .. order.Items.Skip(1)] },
            "items[0].quantity" => order with
            {
                Items = [order.Items[0] with { Quantity = order.Items[0].Quantity + 1 }, .. order.Items.Skip(1)],
            },
            // Another one than the order has: lives are random.
            "status" => order with { Status = order.Status == OrderStatus.Failed ? OrderStatus.Placed : OrderStatus.Failed },
            "version" => order with { Version = order.Version - 1 },
            "updated_at" => order with { UpdatedAt = order.UpdatedAt.AddTicks(10) },
            _ => order with { Number = "0000-0000" },
        };

        await AssertFoundAsync($"{field}: expected", order);
    }

    [Fact]
    public async Task An_old_answer_of_the_cache_is_found()
    {
        await PlaceAsync();
        var order = Order(20, moved: true);
        _shop.Cached[order.Id] = order with { Version = order.Version - 1 };

        await AssertFoundAsync("cache, stale: 1", order, "--sample", "1");
    }

    [Fact]
    public async Task An_answer_that_is_old_while_orders_are_placed_is_found_though_it_is_right_in_the_end()
    {
        // By id, an order is always as it was before its last change.
        _shop.Before = path =>
        {
            if (path.Split('/') is [_, _, _, var id, _]) _shop.Cached[id] = _shop.Stored[id];
            return null;
        };
        _shop.Exporting = _shop.Cached.Clear;

        Assert.Equal(1, await _cli.RunAsync([.. _sentence, "--orders", "60", "--rate", "60", "--moves", "1", "--sample", "1"]));

        Assert.Contains("cache, stale: ", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("which was acknowledged before, found ", _cli.Output, StringComparison.Ordinal);
        Assert.All((await ReportAsync())["differences"]!.AsArray(), one => Assert.Equal("cache", (string)one!["where"]!));
    }

    [Fact]
    public async Task A_stale_a_lost_a_wrong_and_a_ghostly_document_are_found()
    {
        await PlaceAsync();
        var (stale, lost, wrong) = (Order(21, moved: true), Order(61), Order(101));
        _shop.Documents[stale.Id] = OrderDocument.From(stale) with { Version = stale.Version - 1 };
        _shop.Documents[lost.Id] = null;
        _shop.Documents[wrong.Id] = OrderDocument.From(wrong) with { CustomerName = "Nadie" };
        var ghost = OrderDocument.From(Order(7)) with { Id = "ord-" + Guid.CreateVersion7() };
        _shop.Documents[ghost.Id] = ghost;

        await AssertFoundAsync("search, stale: 1", stale);
        foreach (var said in new[] { "search, lost: 1", lost.Id, "customer_name: expected", wrong.Id, "search, stray: 1", ghost.Id })
            Assert.Contains(said, _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_sums_of_analytics_are_found()
    {
        await PlaceAsync();
        var order = Order(22);
        _shop.IsCounted = one => one.Id != order.Id;

        Assert.Equal(1, await _cli.RunAsync(_sentence));

        Assert.Contains("analytics, sum:", _cli.Output, StringComparison.Ordinal);
        Assert.Contains($"expected {Count}, found {Count - 1}", _cli.Output, StringComparison.Ordinal);
        var revenue = (await ReportAsync())["differences"]!.AsArray().Single(one => ((string)one!["field"]!).StartsWith("revenue"))!;
        Assert.Equal(order.Total, Amount(revenue, "expected") - Amount(revenue, "found"));

        static decimal Amount(JsonNode one, string name) => decimal.Parse((string)one[name]!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Lost_replies_and_refused_connections_neither_lose_nor_double_an_order()
    {
        var (before, after) = (0, 0);
        _shop.Before = _ => (++before % 8) switch
        {
            1 => VerifyFake.Answer(HttpStatusCode.TooManyRequests), 2 => VerifyFake.Answer(HttpStatusCode.ServiceUnavailable),
            3 => throw new HttpRequestException(HttpRequestError.ConnectionError), _ => null,
        };
        _shop.After = _ => (++after % 7) switch
        {
            1 => throw new HttpRequestException(HttpRequestError.ResponseEnded),
            2 => VerifyFake.Answer(HttpStatusCode.InternalServerError, "outcome_unknown"), _ => null,
        };

        string[] sentence = [.. _sentence.Select(word => word == "1" ? "30" : word), "--orders", "15"];
        Assert.True(await _cli.RunAsync(sentence) == 0, _cli.Output + _cli.Error);

        Assert.Equal(15, _shop.Stored.Count);
        var totals = (await ReportAsync())["totals"]!;
        Assert.True((int)totals["unknown"]! > 5, totals.ToJsonString());
        Assert.Equal((int)totals["unknown"]!, (int)totals["had_been_done"]! + (int)totals["done_again"]!);
    }

    private Task<PlacedRun> PlaceAsync() => PlacedRun.GiveAsync(_shop, _cli);

    private async Task AssertFoundAsync(string said, OrderState order, params string[] more)
    {
        Assert.Equal(1, await _cli.RunAsync([.. _sentence, "--check-only", .. more]));

        Assert.Contains(said, _cli.Output, StringComparison.Ordinal);
        Assert.Contains(order.Id, _cli.Output, StringComparison.Ordinal);
        Assert.Contains("DIFFERENCES", _cli.Output, StringComparison.Ordinal);
        Assert.Contains((await ReportAsync())["differences"]!.AsArray(), one => (string?)one!["order_id"] == order.Id);
    }

    /// <summary>An order of about that number; <paramref name="moved"/>: to which something has happened.</summary>
    private OrderState Order(int number, bool moved = false) => _shop.Stored.Values
        .Where(order => order.Channel.StartsWith(Channel, StringComparison.Ordinal) && (!moved || order.Version > 1))
        .OrderBy(order => int.Parse(order.ExternalId!.Split('/')[^1], CultureInfo.InvariantCulture)).ElementAt(number);

    private async Task<JsonNode> ReportAsync() => JsonNode.Parse(await File.ReadAllTextAsync(_cli.PathOf("report.json")))!;
}

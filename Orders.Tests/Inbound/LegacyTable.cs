using System.Text.Json;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Inbound;

/// <summary>A legacy table of orders whose changes come as Debezium writes them.</summary>
public sealed class LegacyTable(OrdersApplication app) : ApplicationTests
{
    private readonly InboundTopic _topic = new(app);
    private readonly string _id = Guid.NewGuid().ToString();
    private long _lsn = Random.Shared.NextInt64(1, 1L << 40);

    private string ExternalId => $"legacy.public.orders:{_id}";

    [Fact]
    public async Task An_order_follows_its_row_and_every_change_counts_once()
    {
        var shop = await Shop.OpenAsync(app);
        await _topic.SendAsync(_id,
        [
            Change("c", null, Row(shop, "new")),
            Change("u", Row(shop, "new"), Row(shop, "paid")),
            Change("u", null, Row(shop, "paid")),
            Change("u", Row(shop, "paid"), Row(shop, "shipped")),
            Change("r", null, Row(shop, "shipped")),
            Change("u", Row(shop, "shipped"), Row(shop, "completed")),
        ], times: 3);
        await _topic.DrainAsync(_id);

        var order = await _topic.OrderAsync(shop);
        Assert.Equal(
            (ExternalId, 99.95m, OrderStatus.Delivered, 5, "legacy"),
            (order.ExternalId, order.Total, order.Status, order.Version, order.Channel));
        Assert.Equal(
            ["orders.placed", "orders.confirmed", "orders.paid", "orders.shipped", "orders.delivered"],
            (await shop.HistoryAsync(order.Id)).OrderBy(entry => entry.Version).Select(entry => entry.Type));
        Assert.Equal(OrderStatus.Delivered, (await shop.FoundAsync(order)).Single().Status);
        Assert.Empty(await _topic.LettersAsync(_id));
    }

    [Fact]
    public async Task A_change_that_comes_after_a_later_one_changes_nothing()
    {
        var shop = await Shop.OpenAsync(app);
        var created = Change("c", null, Row(shop, "new"));
        var confirmed = Change("u", Row(shop, "new"), Row(shop, "confirmed"));
        var paid = Change("u", Row(shop, "confirmed"), Row(shop, "paid"));
        var deleted = Change("d", Row(shop, "paid"), null);

        await _topic.SendAsync(_id, [paid, created, confirmed, paid]);
        await _topic.DrainAsync(_id);
        Assert.Equal((OrderStatus.Paid, 3), ((await _topic.OrderAsync(shop)).Status, (await _topic.OrderAsync(shop)).Version));

        await _topic.SendAsync(_id, [deleted, created, confirmed, deleted]);
        await _topic.SendAsync(_id, (byte[]?)null);
        await _topic.DrainAsync(_id);
        var order = await _topic.OrderAsync(shop);
        Assert.Equal(
            (OrderStatus.Cancelled, 4, "deleted in the legacy system"), (order.Status, order.Version, order.Reason));
        Assert.Equal(1, await _topic.CountAsync(shop));
        Assert.Empty(await _topic.LettersAsync(_id));
    }

    [Fact]
    public async Task A_snapshot_of_rows_that_have_lived_is_taken_as_it_is()
    {
        var shop = await Shop.OpenAsync(app);
        await _topic.SendAsync(_id, [Change("r", null, Row(shop, "RETURNED")), Change("d", Row(shop, "returned"), null)], times: 2);
        await _topic.DrainAsync(_id);

        var order = await _topic.OrderAsync(shop);
        Assert.Equal((OrderStatus.Returned, 6), (order.Status, order.Version));
        Assert.Empty(await _topic.LettersAsync(_id));
    }

    [Fact]
    public async Task A_row_that_was_deleted_before_it_came_stays_away()
    {
        var shop = await Shop.OpenAsync(app);
        var created = Change("c", null, Row(shop, "new"));
        await _topic.SendAsync(_id, [Change("d", new { id = _id }, null), created]);
        await _topic.DrainAsync(_id);
        Assert.Equal(0, await _topic.CountAsync(shop));
    }

    [Fact]
    public async Task Schema_and_the_connectors_own_decimals_are_understood()
    {
        var shop = await Shop.OpenAsync(app);
        // 99.95 as its unscaled bytes, 0x270B.
        var row = new { id = _id, customer_id = shop.CustomerId, amount = "Jws=", status = "new" };
        var wrapped = $$"""
            {"schema":{"type":"struct","fields":[{"type":"struct","field":"after","fields":[
              {"type":"bytes","name":"org.apache.kafka.connect.data.Decimal","version":1,"parameters":{"scale":"2"},"field":"amount"}]}]},
             "payload":{{Change("c", null, row)}}}
            """;
        await _topic.SendAsync(_id, wrapped);
        await _topic.DrainAsync(_id);
        Assert.Equal(99.95m, (await _topic.OrderAsync(shop)).Total);
    }

    public static TheoryData<string, object?, string> Unusable => new()
    {
        { "c", new { id = "$id", customer_id = "nobody", amount = 5 }, "unusable_reference" },
        { "c", new { id = "$id", customer_id = "$customer" }, "invalid_request" },
        { "c", new { id = "$id", customer_id = "$customer", amount = 5, status = "mislaid" }, "unknown_status" },
        { "c", new { id = "$id", customer_id = "$customer", amount = "Jws=" }, "malformed_data" },
        { "c", new { customer_id = "$customer", amount = 5 }, "malformed_data" },
        { "c", null, "malformed_data" },
        { "t", null, "unsupported_change" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task What_cannot_be_followed_is_a_dead_letter(string op, object? row, string reason)
    {
        var shop = await Shop.OpenAsync(app);
        await _topic.SendAsync(_id, Change(op, null, row)
            .Replace("$id", _id, StringComparison.Ordinal).Replace("$customer", shop.CustomerId, StringComparison.Ordinal));
        await _topic.DrainAsync(_id);
        Assert.Equal(reason, (await _topic.LetterAsync(_id)).Reason);
        Assert.Equal(0, await _topic.CountAsync(shop));
    }

    [Fact]
    public async Task What_is_settled_here_cannot_change_there()
    {
        var shop = await Shop.OpenAsync(app);
        var dearer = new { id = _id, customer_id = shop.CustomerId, amount = 100, status = "paid" };
        await _topic.SendAsync(_id,
        [
            Change("c", null, Row(shop, "new")), Change("u", Row(shop, "new"), dearer), Change("u", null, Row(shop, "failed")),
            Change("u", null, Row(shop, "confirmed")), Change("c", null, Row(shop, "new")).Replace("\"orders\"", "\"invoices\"",
                StringComparison.Ordinal),
        ]);
        await _topic.DrainAsync(_id);

        Assert.Equal(
            ["illegal_move", "unknown_table", "unsupported_change"],
            (await _topic.LettersAsync(_id)).Select(letter => letter.Reason).Order(StringComparer.Ordinal));
        Assert.Equal((OrderStatus.Failed, 2), ((await _topic.OrderAsync(shop)).Status, (await _topic.OrderAsync(shop)).Version));
    }

    [Fact]
    public async Task A_restored_table_that_counts_from_a_lower_position_is_told_and_not_passed_over()
    {
        var shop = await Shop.OpenAsync(app);
        var created = Made(Change("c", null, Row(shop, "new      ")), _lsn, minute: 1);
        var late = Made(Change("u", null, Row(shop, "confirmed")), 1, minute: 0);
        var restored = Made(Change("u", null, Row(shop, "paid")), 2, minute: 2);
        await _topic.SendAsync(_id, [created, late, restored]);
        await _topic.DrainAsync(_id);

        var letter = await _topic.LetterAsync(_id);
        Assert.Equal("position_went_back", letter.Reason);
        Assert.Contains("was the database restored?", letter.Detail, StringComparison.Ordinal);
        Assert.Equal((OrderStatus.Placed, 1), ((await _topic.OrderAsync(shop)).Status, (await _topic.OrderAsync(shop)).Version));
    }

    /// <summary>The change that was made last, at another place of the log and a time of its own.</summary>
    private string Made(string change, long lsn, int minute) => change.Replace(
        FormattableString.Invariant($"\"lsn\":{_lsn}"),
        FormattableString.Invariant($"\"lsn\":{lsn},\"ts_ms\":{1_764_000_000_000 + (minute * 60_000)}"), StringComparison.Ordinal);

    private object Row(Shop shop, string status) =>
        new { id = _id, customer_id = shop.CustomerId, amount = "99.95", status, updated_by = "somebody" };

    private string Change(string op, object? before, object? after) => JsonSerializer.Serialize(new
    {
        before,
        after,
        source = new
        {
            version = "2.7", connector = "postgresql", name = "legacy", db = "shop", schema = "public", table = "orders", lsn = ++_lsn,
        },
        op,
        ts_ms = 1_764_000_000_000,
    });
}

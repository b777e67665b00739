using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NpgsqlTypes;
using Orders.Contracts;
using Orders.Tests.Inbound;
using Orders.Tests.Reading;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

/// <summary>
/// Commands between their commit and their offset: each is done once. Another transaction has one of the orders locked, so
/// that the death is in the
/// middle of them however long the other witnesses take.
/// </summary>
internal sealed class CommandsUnderWay(OrdersApplication app) : Witness
{
    private const int Count = 300;

    private readonly InboundTopic _topic = new(app);
    private readonly string _key = Guid.NewGuid().ToString();
    private Shop _shop = null!;
    private string _product = "";
    private string _confirmed = "";
    private HeldOrder? _held;
    private long _atDeath;

    public override async Task ArrangeAsync()
    {
        _shop = await Shop.OpenAsync(app);
        _product = await _shop.AddProductAsync(stock: 10_000);
        var placed = await _shop.PlaceAsync((_product, 1));
        _confirmed = placed.Id;
        _held = await HeldOrder.HoldAsync(app, _confirmed);
        var commands = Enumerable.Range(0, Count).Select(i => InboundTopic.Place(_shop, _product, $"{_key}-{i}")).ToList();
        commands.Insert(Count * 2 / 3, InboundTopic.Command("orders.confirm", new { order_id = _confirmed }));
        await _topic.SendAsync(_key, commands.Append($$"""{"customer_id":"{{_shop.CustomerId}}","amount":7.00}"""));
        await Eventually.Is(async () => await _topic.CountAsync(_shop) > Count / 3, "some of the commands are done");
    }

    public override async Task MeanwhileAsync()
    {
        _atDeath = await _topic.CountAsync(_shop);
        await _held!.DisposeAsync();
    }

    public override async Task AssertAsync()
    {
        Assert.InRange(_atDeath, Count / 3, (Count * 2 / 3) + 1);
        await _topic.DrainAsync(_key);

        Assert.Equal(Count + 2, await _topic.CountAsync(_shop));
        Assert.Equal(10_000 - Count - 1, await app.Database.ScalarAsync<int>("select stock from products where id = $1", _product));
        Assert.Equal(2, await app.Database.ScalarAsync<int>("select version from orders where id = $1", _confirmed));
        Assert.Empty(await _topic.LettersAsync(_key));
    }

    protected override ValueTask CleanUpAsync() => _held?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Orders that were accepted to be placed a moment later.</summary>
internal sealed class AcceptedOrders(OrdersApplication app) : Witness
{
    private const int Count = 40;

    private readonly List<Uri> _accepted = [];
    private Shop _shop = null!;

    public override async Task ArrangeAsync()
    {
        _shop = await Shop.OpenAsync(app);
        var product = await _shop.AddProductAsync();
        foreach (var reply in await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => AskAsync(product))))
        {
            await Shop.Expect(reply, HttpStatusCode.Accepted);
            _accepted.Add(reply.Headers.Location!);
        }
    }

    public override async Task AssertAsync()
    {
        foreach (var place in _accepted)
        {
            var outcome = await Eventually.Get(
                () => app.Api.GetFromJsonAsync<JsonElement>(place), reply => reply.GetProperty("status").GetString() != "accepted",
                "the request's outcome");
            Assert.Equal("placed", outcome.GetProperty("status").GetString());
        }

        Assert.Equal(Count, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", _shop.CustomerId));
    }

    private async Task<HttpResponseMessage> AskAsync(string product)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders");
        request.Headers.Add("Prefer", "respond-async");
        request.Content = JsonContent.Create(new
        {
            customer_id = _shop.CustomerId, address_id = _shop.AddressId, items = new[] { new { product_id = product, quantity = 1 } },
        });
        return await app.Api.SendAsync(request);
    }
}

/// <summary>
/// Kafka has the order (it is searchable) and the slot has not confirmed it: the moment in which a death of the relay must repeat.
/// Confirmed is every <see cref="OrdersApplication.ConfirmInterval"/>, so this witness arranges itself last.
/// </summary>
internal sealed class UnconfirmedOrder(OrdersApplication app) : Witness
{
    private Shop _shop = null!;
    private string _product = "";
    private OrderState _order = null!;

    public override async Task ArrangeAsync()
    {
        _shop = await Shop.OpenAsync(app);
        _product = await _shop.AddProductAsync();
        _order = (await Eventually.Get(async () =>
        {
            var placed = await _shop.PlaceAsync((_product, 1));
            var written = await app.Database.ScalarAsync<NpgsqlLogSequenceNumber>("select pg_current_wal_lsn()");
            await _shop.FoundAsync(placed);
            var confirmed = await app.Database.ScalarAsync<NpgsqlLogSequenceNumber>(
                "select confirmed_flush_lsn from pg_replication_slots where slot_name = $1", WireNames.Outbox.Slot);
            return confirmed < written ? placed : null;
        }, placed => placed is not null, "an order that is searchable and not confirmed"))!;
    }

    public override async Task AssertAsync()
    {
        var delivered = await Eventually.Get(() => app.DeliveredVersionsAsync(_order.Id), versions =>
            versions.Count > 1, "the event was delivered again");
        Assert.Equal([1], delivered.Distinct());
        var next = await _shop.PlaceAsync((_product, 1));
        var hits = await _shop.FoundAsync(next);
        Assert.Equal(1, hits.Single(hit => hit.Id == _order.Id).Version);
        var stored = await app.Database.ListAsync<string>("select id from orders where customer_id = $1", _shop.CustomerId);
        await Eventually.Holds(async () => Assert.Equal(
            stored.Order(StringComparer.Ordinal), (await app.DocumentsOfAsync(_shop.CustomerId)).Order(StringComparer.Ordinal)));
    }
}

/// <summary>Who follows the feed sees every change once, in order and without a gap.</summary>
internal sealed class FollowerOfChanges(OrdersApplication app) : Witness
{
    private readonly ConcurrentBag<string> _confirmed = [];
    private readonly CancellationTokenSource _stopFollowing = new();
    private readonly CancellationTokenSource _stopWriting = new();
    private HttpClient _client = null!;
    private Shop _shop = null!;
    private Follower _follower = null!;
    private Task _following = Task.CompletedTask;
    private Task[] _writing = [];
    private long _from;

    public override async Task ArrangeAsync()
    {
        _shop = await Shop.OpenAsync(app);
        var product = await _shop.AddProductAsync();
        _client = app.ApiWith(app.AdminToken);
        _from = await Follower.NewestAsync(_client);
        _follower = new Follower(_client, _from);
        _following = _follower.RunAsync(_stopFollowing.Token);
        _writing = [.. Enumerable.Range(0, 2).Select(_ => WriteUntilAsync(product))];
        await SomeMoreAsync();
    }

    public override async Task AssertAsync()
    {
        await SomeMoreAsync();
        await _stopWriting.CancelAsync();
        await Task.WhenAll(_writing);
        var written = await Eventually.Get(() => app.Database.ListAsync<string>(
            "select h.order_id || '.' || h.version || ' ' || h.type from order_history h join orders o on o.id = h.order_id "
            + "where o.customer_id = $1", _shop.CustomerId), rows => rows.Count > 0, "the history can be read");
        await Eventually.Get(
            () => Task.FromResult(written.Except(_follower.Seen.Select(Show)).ToList()), missing => missing.Count == 0,
            "all changes are seen");
        await _stopFollowing.CancelAsync();
        await _following;

        var seen = _follower.Seen;
        Assert.Equal(Enumerable.Range(0, seen.Count).Select(i => _from + 1 + i), seen.Select(change => change.Position));
        Assert.Equal(seen.Count, seen.Select(Show).Distinct().Count());
        foreach (var order in seen.GroupBy(change => change.OrderId))
            Assert.Equal(order.Select(change => change.Version).Order(), order.Select(change => change.Version));
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select max(position) - min(position) + 1 - count(*) from order_changes"));
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _stopWriting.CancelAsync();
        await _stopFollowing.CancelAsync();
        await Task.WhenAll([.. _writing, _following]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client?.Dispose();
        _stopFollowing.Dispose();
        _stopWriting.Dispose();
    }

    private static string Show(SeenChange change) => $"{change.OrderId}.{change.Version} {change.Type}";

    private Task SomeMoreAsync()
    {
        var before = _confirmed.Count;
        return Eventually.Is(() => Task.FromResult(_confirmed.Count > before + 30), "some more orders are placed and confirmed");
    }

    private async Task WriteUntilAsync(string product)
    {
        while (!_stopWriting.IsCancellationRequested)
        {
            try
            {
                var reply = await _shop.TryPlaceAsync((product, 1));
                if (reply.StatusCode is not HttpStatusCode.Created) continue;
                var order = Shop.Read(await reply.Content.ReadAsByteArrayAsync(CancellationToken.None));
                var moved = await app.Api.PostAsync($"/v1/orders/{order.Id}/confirm", null, CancellationToken.None);
                if (moved.IsSuccessStatusCode) _confirmed.Add(order.Id);
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // The api is away, or has not said so.
            }
        }
    }
}

/// <summary>Dead letters are there once, however often they are delivered.</summary>
internal sealed class LettersOnTheirWay(OrdersApplication app, bool rewinds = false) : Witness
{
    private const int Count = 40;

    private readonly InboundTopic _topic = new(app);
    private readonly string _key = Guid.NewGuid().ToString();

    public override async Task ArrangeAsync()
    {
        await _topic.SendAsync(_key, Enumerable.Range(0, Count).Select(i => $"poison {i}"));
        // The offset is to go back over letters that have been taken.
        if (rewinds) await ListedAsync(Count);
    }

    public override Task MeanwhileAsync() => !rewinds ? Task.CompletedTask : app.SetBackAsync(
        WireNames.Groups.DeadLetters, new(WireNames.Topics.InboundDeadLetter, 0, 0));

    public override async Task AssertAsync()
    {
        await ListedAsync(Count);
        await _topic.SendAsync(_key, "one more");
        await ListedAsync(Count + 1);
    }

    /// <summary>As the table has them, by the key that their records had.</summary>
    private Task<long> ListedAsync(int count) => Eventually.Get(
        () => app.Database.ScalarAsync<long>("select count(*) from dead_letters where key = $1", Encoding.UTF8.GetBytes(_key)),
        found => found == count, $"{count} letters");
}

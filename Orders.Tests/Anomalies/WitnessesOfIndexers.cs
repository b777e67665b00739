using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Archive;
using Orders.Tests.Analytics;
using Orders.Tests.Searching;
using Orders.Tests.Support;
using Orders.Tests.Webhooks;

namespace Orders.Tests.Anomalies;

/// <summary>
/// More orders all the time, for search, analytics, archive and a subscriber: never far ahead of them and never none, so that each is in
/// the middle when the indexers die, however fast the machine is. Each has every one in the end: analytics and search once, the others at
/// least once.
/// </summary>
internal sealed class BacklogOfEveryProjection(OrdersApplication app) : Witness
{
    private const int AtOnce = 200;
    private const int AheadMax = 800;

    private readonly CancellationTokenSource _enough = new();
    private readonly Dictionary<string, int> _atDeath = new(StringComparer.Ordinal);
    private Subscriber _subscriber = null!;
    private Task _writing = Task.CompletedTask;
    private int _written = 1;

    private Shop Shop => _subscriber.Shop;

    public override async Task ArrangeAsync()
    {
        _subscriber = await Subscriber.JoinAsync(app);
        var order = await _subscriber.PlaceAsync();
        await Eventually.Get(
            () => CountsAsync(atLeast: 1), counts => counts.Values.All(count => count == 1), "the first order is everywhere");
        _writing = Task.Run(() => WriteOnAsync(order));
        await Eventually.Get(
            () => CountsAsync(atLeast: 2), counts => counts.Values.All(count => count > 1), "all are at it", TimeSpan.FromMinutes(2));
    }

    /// <summary>No indexer takes anything just now, so what is counted is what was done when they died.</summary>
    public override async Task MeanwhileAsync()
    {
        await _enough.CancelAsync();
        await _writing;
        foreach (var (place, count) in await CountsAsync(atLeast: 0)) _atDeath[place] = count;
        // Or the death was not in the middle, and nothing is proven. The archive may have been quicker than those that are asked.
        Assert.Equal(4, _atDeath.Count);
        Assert.All(_atDeath, place => Assert.True(
            place.Value > 1 && (place.Value < _written || place.Key == "archive"), $"{place.Key}: {place.Value} of {_written}"));
    }

    public override async Task AssertAsync()
    {
        await Eventually.Get(
            () => CountsAsync(atLeast: _written), counts => counts.Values.All(count => count == _written),
            $"everybody has all of them; when they died: {string.Join(' ', _atDeath)}", TimeSpan.FromMinutes(2));
        Assert.Equal(0, await app.FactsOffAsync(Shop));
        await Recount.EqualsFactsAsync(app.Database);
        var report = await new ArchiveReader(Store).VerifyAsync(CancellationToken.None);
        Assert.True(report.Problems.Count == 0, string.Join('\n', report.Problems));
        await Eventually.Get(() => app.Database.ScalarAsync<long>(
            "select count(*) from webhook_deliveries where subscription_id = $1 and status <> 'delivered'", _subscriber.WebhookId),
            open => open == 0, "every delivery is noted as such");
        Assert.All(_subscriber.Receiver.Received, webhook => Assert.True(webhook.IsSignedWith(_subscriber.Secret)));
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _enough.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _enough.Dispose();
        if (_subscriber is not null) await _subscriber.DisposeAsync();
    }

    private async Task WriteOnAsync(string order)
    {
        while (!_enough.IsCancellationRequested)
        {
            _written += (await Copies.MakeAsync(app, order, AtOnce)).Count;
            // Ahead of the fastest of the projections.
            await Eventually.Is(async () => _enough.IsCancellationRequested || _written - Math.Max(
                await FactsAsync(), await app.DocumentCountAsync(Shop.CustomerId)) < AheadMax, "they keep up");
        }
    }

    private async Task<int> FactsAsync() => (int)await app.Database.ScalarAsync<long>(
        "select count(*) from analytics.order_facts where customer_id = $1", Shop.CustomerId);

    private FolderArchive Store => new(Options.Create(new ArchiveOptions { Path = app.ArchivePath }));

    /// <summary>Orders by place. The archive is read whole for that, and only when everybody else has as many.</summary>
    private async Task<SortedDictionary<string, int>> CountsAsync(int atLeast)
    {
        var arrived = _subscriber.Receiver.Received.Select(webhook => webhook.Id).ToHashSet(StringComparer.Ordinal);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal)
        {
            ["analytics"] = await FactsAsync(),
            ["search"] = await app.DocumentCountAsync(Shop.CustomerId),
            ["webhooks"] = arrived.Count,
        };
        counts["archive"] = counts.Values.All(count => count >= atLeast) ? (await ArchivedAsync()).Count : -1;
        return counts;
    }

    private async Task<HashSet<string>> ArchivedAsync()
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var mark = Encoding.UTF8.GetBytes(Shop.CustomerId);
        await foreach (var line in new ArchiveReader(Store).ReadAsync(CancellationToken.None))
        {
            if (line.Span.IndexOf(mark) < 0) continue;
            kept.Add(JsonSerializer.Deserialize(line.Span, OrdersJson.Default.OrderEvent)!.Id);
        }

        return kept;
    }
}

/// <summary>
/// A job whose process is killed: another one takes it over when the lease has run out, and goes on where it was. That is the same for
/// every kind of job; how each resumes from its own progress is tried in process (<see cref="LongWork.AbandonedJob"/>).
/// </summary>
internal sealed class ReplayUnderWay(OrdersApplication app) : Witness
{
    private const int Count = 500;

    private List<string> _copies = [];
    private HeldOrder? _held;
    private JsonElement _job;
    private long _atDeath;

    public override async Task ArrangeAsync()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var age = TimeSpan.FromDays(400);
        _copies = await Copies.MakeAsync(app, order.Id, Count, age);
        // Another transaction changes one in the middle; the replay waits for it, and dies meanwhile.
        _held = await HeldOrder.HoldAsync(app, _copies.Order(StringComparer.Ordinal).ElementAt(Count - 10));
        var at = order.PlacedAt - age;
        _job = await app.AskAsync("/v1/admin/replay", new { to = "topic", from = at, until = at.AddMicroseconds(1) });
        await Eventually.Get(ReplayedAsync, replayed => replayed > 0, "some pages are done");
    }

    public override async Task MeanwhileAsync()
    {
        _atDeath = await ReplayedAsync();
        await _held!.DisposeAsync();
    }

    public override async Task AssertAsync()
    {
        Assert.InRange(_atDeath, 1, Count - 1);
        var done = await app.DoneAsync(_job);

        Assert.InRange(done.GetProperty("attempts").GetInt32(), 2, 20);
        Assert.Equal(Count, done.GetProperty("result").GetProperty("replayed").GetInt64());
        Assert.Equal(Count, await ReplayedAsync());
        // Repeated is one page at most.
        Assert.InRange(await app.Database.ScalarAsync<long>(
            "select count(*) from outbox where order_id = any($1) and payload ->> 'rebuild' = 'true'", (object)_copies.ToArray()),
            Count, Count + 100);
        foreach (var id in (string[])[_copies.Min()!, _copies.Max()!])
            await Eventually.Get(() => app.DeliveredVersionsAsync(id), versions => versions is [1, 1, ..], "it is there twice");
    }

    protected override ValueTask CleanUpAsync() => _held?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task<long> ReplayedAsync() => app.Database.ScalarAsync<long>(
        "select count(distinct order_id) from outbox where order_id = any($1) and payload ->> 'rebuild' = 'true'",
        (object)_copies.ToArray());
}

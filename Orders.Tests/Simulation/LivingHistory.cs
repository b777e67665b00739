using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Serialization;
using Meilisearch.QueryParameters;
using Orders.Api.Features.Bulk;
using Orders.Contracts;
using Orders.Simulator.Calendars;
using Orders.Tests.Support;

namespace Orders.Tests.Simulation;

/// <summary>A history into the running application, with a kill on the way.</summary>
public sealed class LivingHistory(OrdersApplication app) : ApplicationTests, IDisposable
{
    private const int Count = 300;
    private const int Part = 60;

    /// <summary>Lines of the third part that the API has stored when the simulator dies.</summary>
    private const int Torn = 25;

    private readonly int _seed = Random.Shared.Next();
    private readonly string _run = "t" + Guid.NewGuid().ToString("N")[..12];
    private readonly CliRun _cli = new() { Network = () => new SocketsHttpHandler() };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_history_that_was_killed_and_sent_again_is_there_once_whole_and_searchable()
    {
        var wanted = await WantedAsync();
        await KilledAsync();
        Assert.Equal((2 * Part) + Torn, (await StoredAsync()).Count);

        await AssertDoneAsync("the first 120 orders are acknowledged already", $"{Count - Torn} new, {Torn} there already",
            "--state", _cli.PathOf("state.json"));

        Assert.Equal(wanted.Select(Shop.Json), await StoredAsync());
        await AssertFoundAsync(wanted);
        await AssertOnceAsync(wanted);

        // All of it again, by somebody who knows nothing of the first time.
        await AssertDoneAsync("", $"0 new, {Count} there already");

        Assert.Equal(wanted.Select(Shop.Json), await StoredAsync());
        await AssertOnceAsync(wanted);
    }

    /// <summary>What the API's own reader makes of the lines.</summary>
    private async Task<List<OrderState>> WantedAsync()
    {
        var file = _cli.PathOf("history.ndjson");
        Assert.Equal(0, await _cli.RunAsync([.. Sentence(), "--out", file]));
        var latest = DateTimeOffset.MaxValue;
        var orders = (await File.ReadAllLinesAsync(file))
            .Select(line => ImportLineReader.Read(Encoding.UTF8.GetBytes(line), latest).Order!).ToList();
        Assert.Equal(Count, orders.Count);
        // Whole lives, and some that are still going on.
        var statuses = orders.Select(order => order.Status).ToHashSet();
        Assert.Superset(new HashSet<OrderStatus>([OrderStatus.Delivered, OrderStatus.Cancelled]), statuses);
        Assert.True(statuses.Count > 3, string.Join(", ", statuses));
        return orders;
    }

    private async Task KilledAsync()
    {
        using var stop = new CancellationTokenSource();
        using var cli = new CliRun { Network = () => new Dying(stop, new SocketsHttpHandler()) };

        Assert.Equal(1, await cli.RunAsync(stop.Token, [.. Sending(), "--state", _cli.PathOf("state.json")]));

        Assert.Contains($"{2 * Part} of {Count} orders are acknowledged", cli.Error, StringComparison.Ordinal);
    }

    private async Task AssertDoneAsync(string said, string outcome, params string[] more)
    {
        var code = await _cli.RunAsync([.. Sending(), .. more]);

        Assert.True(code == 0, $"seed {_seed}: {_cli.Error} {_cli.Output}");
        Assert.Contains(said, _cli.Error, StringComparison.Ordinal);
        Assert.Contains(outcome, _cli.Output, StringComparison.Ordinal);
        Assert.Contains($"searchable: all {Count},", _cli.Output, StringComparison.Ordinal);
    }

    /// <summary>The states of the run's orders, as the database has them, in the order of the history.</summary>
    private Task<List<string>> StoredAsync() => app.Database.ListAsync<string>(
        """
        select h.state::text from orders o join order_history h on h.order_id = o.id and h.version = o.version
        where o.external_id like $1 order by split_part(o.external_id, '/', 4)::int
        """, Pattern);

    /// <summary>At once: the command has said that it is so.</summary>
    private async Task AssertFoundAsync(List<OrderState> wanted)
    {
        var found = await app.Search.Index(WireNames.Indexes.Orders).GetDocumentsAsync<Hit>(new DocumentsQuery
        {
            Filter = $"id IN [{string.Join(',', wanted.Select(order => $"\"{order.Id}\""))}]", Fields = ["id"], Limit = Count + 1,
        });
        Assert.Equal(wanted.Select(order => order.Id).Order(), found.Results.Select(hit => hit.Id).Order());
    }

    private async Task AssertOnceAsync(List<OrderState> wanted)
    {
        var ids = wanted.Select(order => order.Id).ToArray();
        Assert.Equal(wanted.Select(order => (order.Id, order.Version, "orders.imported")).Order(), (await app.Database.ListAsync<string>(
                "select order_id || ' ' || version || ' ' || type from order_history where order_id = any($1)", (object)ids))
            .Select(row => row.Split(' ')).Select(row => (row[0], int.Parse(row[1], CultureInfo.InvariantCulture), row[2])).Order());
        Assert.Equal(Count, await app.Database.ScalarAsync<long>("select count(*) from outbox where order_id = any($1)", (object)ids));
        Assert.Equal(wanted.Sum(order => order.Items.Count), await app.Database.ScalarAsync<long>(
            "select count(*) from order_items where order_id = any($1)", (object)ids));
    }

    private string Pattern => $"sim/{_seed}/{_run}/%";

    private string[] Sentence()
    {
        var today = DateOnly.FromDateTime(MadridTime.Local(TimeProvider.System.GetUtcNow()));
        return
        [
            "history", "--run", _run, "--seed", _seed.ToString(CultureInfo.InvariantCulture), "--orders",
            Count.ToString(CultureInfo.InvariantCulture), "--customers", "40", "--addresses", "50", "--products", "30",
            "--from", today.AddDays(-20).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ];
    }

    private string[] Sending() =>
    [
        .. Sentence(), "--part", Part.ToString(CultureInfo.InvariantCulture), "--api", app.Api.BaseAddress!.ToString(), "--key",
        app.AdminToken,
    ];

    private sealed record Hit([property: JsonPropertyName("id")] string Id);

    /// <summary>Ends the command in the third part, when the API has stored some of its lines.</summary>
    private sealed class Dying(CancellationTokenSource stop, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private int _imports;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath != "/v1/orders/import" || Interlocked.Increment(ref _imports) < 3)
                return await base.SendAsync(request, cancellationToken);
            var lines = (await request.Content!.ReadAsStringAsync(cancellationToken)).Split('\n');
            var some = new StringContent(string.Join('\n', lines.Take(Torn)));
            some.Headers.ContentType = request.Content.Headers.ContentType;
            request.Content = some;
            using var reply = await base.SendAsync(request, CancellationToken.None);
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            await stop.CancelAsync();
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Orders.Tests.Support;

namespace Orders.Tests.Simulation;

/// <summary><c>load</c> on the running application: what was acknowledged is there, once.</summary>
public sealed class LoadAgainstTheApplication(OrdersApplication app) : StormTests
{
    /// <summary>Order ids of replies with 201, by idempotency key; a key that was never acknowledged has none.</summary>
    private readonly ConcurrentDictionary<string, string?> _placed = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_order_that_a_load_test_was_told_of_is_there_exactly_once()
    {
        // Whatever the simulator has seeded by now, there is somebody who can order something.
        await (await Shop.OpenAsync(app)).AddProductAsync();
        await app.FillShelvesAsync();
        using var cli = new CliRun { Network = () => new Listening(_placed, new SocketsHttpHandler()) };

        var code = await cli.RunAsync(
            "load", "--api", app.Api.BaseAddress!.ToString(), "--key", app.AdminToken, "--mix", "place=4,read=4,search=2", "--rate", "25",
            "--duration", "5s", "--warm-up", "1s", "--json", cli.PathOf("load.json"), "--html", cli.PathOf("load.html"),
            "--threshold", "place.rate>=5", "--threshold", "read.errors<1%", "--threshold", "search.errors<1%");

        Assert.True(code == 0, cli.Error + cli.Output);
        var ids = _placed.Values.OfType<string>().ToArray();
        Assert.True(ids.Length > 25, $"{ids.Length} orders: {cli.Output}");
        await AssertOnceAsync(ids);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(cli.PathOf("load.json")))!;
        Assert.InRange((int)report["operations"]!["place"]!["succeeded"]!, 1, ids.Length);
        Assert.True((bool)report["kept_up"]!, cli.Output);
        Assert.StartsWith("<!DOCTYPE html>", await File.ReadAllTextAsync(cli.PathOf("load.html")), StringComparison.Ordinal);
    }

    private async Task AssertOnceAsync(string[] ids)
    {
        Assert.Equal(ids.Order(StringComparer.Ordinal), (await app.Database.ListAsync<string>(
            "select id from orders where id = any($1)", (object)ids)).Order(StringComparer.Ordinal));
        Assert.Equal(ids.Length, await app.Database.ScalarAsync<long>(
            "select count(*) from order_history where order_id = any($1) and version = 1 and type = 'orders.placed'", (object)ids));
        Assert.Equal(ids.Length, await app.Database.ScalarAsync<long>(
            "select count(*) from outbox where order_id = any($1)", (object)ids));
        // What was not acknowledged was refused, and left nothing behind.
        Assert.Equal(ids.Order(StringComparer.Ordinal), (await app.Database.ListAsync<string>(
            "select order_id from idempotency_keys where key = any($1)", (object)_placed.Keys.ToArray())).Order(StringComparer.Ordinal));
    }

    private sealed class Listening(ConcurrentDictionary<string, string?> placed, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var key = LoadTarget.Kind(request) == "place" ? request.Headers.GetValues("Idempotency-Key").Single() : null;
            if (key is not null) Assert.True(placed.TryAdd(key, null), $"{key} was sent twice");
            var reply = await base.SendAsync(request, cancellationToken);
            if (key is not null && reply.StatusCode == HttpStatusCode.Created)
                placed[key] = reply.Headers.Location!.OriginalString.Split('/')[^1];
            return reply;
        }
    }
}

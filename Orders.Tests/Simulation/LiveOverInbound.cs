using System.Globalization;
using System.Text.Json.Serialization;
using Meilisearch.QueryParameters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;
using Orders.Simulator;
using Orders.Tests.Inbound;
using Orders.Tests.Support;

namespace Orders.Tests.Simulation;

/// <summary>Live traffic over the topic, from the simulator's own service with the settings that the AppHost gives it.</summary>
public sealed class LiveOverInbound(OrdersApplication app) : StormTests
{
    private const int Wanted = 30;

    private readonly string _run = "t" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task Live_orders_over_the_topic_are_there_exactly_once_also_when_they_are_asked_for_again()
    {
        var opened = await Shop.OpenAsync(app);
        await opened.AddProductAsync();
        var first = await LiveAsync(Wanted);
        Assert.All(first.Failed, kind => Assert.True(kind.Value == 0 || kind.Key == "interrupted", $"{kind.Key}: {kind.Value}"));
        var ids = await PlacedAsync(first.Placed);

        // Second thoughts of the last customers may have come too late to be counted.
        await Eventually.Get(
            () => app.Database.ScalarAsync<long>("select count(*) from orders where external_id like $1 and status = 'cancelled'", Pattern),
            count => count > 0 && count >= first.Cancelled, $"{first.Cancelled} cancelled orders of {_run}");
        await Eventually.Get(() => FoundAsync(ids), found => found.SequenceEqual(ids), "the same orders in search");

        // The same run, by a simulator that knows nothing of the first: the same commands.
        var again = await LiveAsync(Wanted / 2);
        Assert.InRange(again.Placed, Wanted / 2, first.Placed);
        await Task.WhenAll(Enumerable.Range(0, (int)again.Placed).Select(number => new InboundTopic(app).DrainAsync(KeyOf(number))));

        Assert.Equal(ids, await StoredAsync());
        Assert.Equal(ids.Count, await app.Database.ScalarAsync<long>(
            "select count(*) from order_history where order_id = any($1) and version = 1", (object)ids.ToArray()));
    }

    /// <summary>Runs the simulator until the broker has acknowledged so many orders, and stops it.</summary>
    private async Task<SimulatorTotals> LiveAsync(int orders)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(await app.SettingsOfAsync("simulator"));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Orders:Simulator:Transport"] = "inbound", ["Orders:Simulator:Rate"] = "20", ["Orders:Simulator:Run"] = _run,
            ["Orders:Simulator:Seed"] = "false", ["Orders:Simulator:CancelShare"] = "0.3",
            ["Orders:Simulator:CancelDelay"] = "00:00:00",
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddSimulator();
        await using var simulator = builder.Build();
        await simulator.StartAsync();
        var metrics = simulator.Services.GetRequiredService<SimulatorMetrics>();
        await Eventually.Get(() => Task.FromResult(metrics.Totals().Placed), placed => placed >= orders, $"{orders} orders on the topic");
        await simulator.StopAsync();
        return metrics.Totals();
    }

    /// <summary>All that were acknowledged and not refused, when they are there.</summary>
    private async Task<List<string>> PlacedAsync(long acknowledged)
    {
        var refused = -1;
        var stored = await Eventually.Get(StoredAndRefusedAsync, ids => ids.Count + refused == acknowledged,
            $"{acknowledged} orders of {_run}, or their refusals");
        Assert.InRange(refused, 0, acknowledged / 10);
        Assert.Equal(stored.Count, stored.Distinct().Count());
        return stored;

        async Task<List<string>> StoredAndRefusedAsync()
        {
            var letters = await Task.Run(() => TopicReader.DeadLetters(app.Kafka, WireNames.Topics.InboundDeadLetter));
            var placed = await app.Database.ListAsync<string>("select external_id from orders where external_id like $1", Pattern);
            refused = letters.Select(letter => KeyBytes.TextOf(letter.Key) ?? "")
                .Where(key => key.StartsWith(KeyOf(""), StringComparison.Ordinal)).Distinct().Except(placed).Count();
            return await StoredAsync();
        }
    }

    private Task<List<string>> StoredAsync() => app.Database.ListAsync<string>(
        "select id from orders where external_id like $1 order by id collate \"C\"", Pattern);

    private async Task<List<string>> FoundAsync(List<string> ids)
    {
        var found = await app.Search.Index(WireNames.Indexes.Orders).GetDocumentsAsync<Hit>(new DocumentsQuery
        {
            Filter = $"id IN [{string.Join(',', ids.Select(id => $"\"{id}\""))}]", Fields = ["id"], Limit = ids.Count + 1,
        });
        return [.. found.Results.Select(hit => hit.Id).Order(StringComparer.Ordinal)];
    }

    private string Pattern => KeyOf("") + "%";

    private string KeyOf(object number) => string.Create(CultureInfo.InvariantCulture, $"live/{_run}/{number}");

    private sealed record Hit([property: JsonPropertyName("id")] string Id);
}

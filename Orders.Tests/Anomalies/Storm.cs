using System.Text.Json;
using Orders.Tests.Drift;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

/// <summary>
/// Each part of the system dies without a warning while customers order, and everybody who could be hurt is a witness. A death costs ten
/// seconds and more, so each test of the time after a death is a <see cref="Witness"/> here.
/// </summary>
public sealed class Storm(OrdersApplication app) : StormTests
{
    [Fact]
    public Task The_indexers_are_killed_in_the_middle_of_a_backlog_and_of_a_job() => Witnesses(
        new ReplayUnderWay(app), new InsistingCustomers(app), new BacklogOfEveryProjection(app))
        .WitnessedAsync(meanwhile => app.KilledAsync("indexer", replicas: 2, meanwhile));

    [Fact]
    public Task The_api_is_killed_between_everything_that_it_promises_and_does() => Witnesses(
        new InsistingCustomers(app), new FollowerOfChanges(app), new LettersOnTheirWay(app), new AcceptedOrders(app),
        new CommandsUnderWay(app), new UnconfirmedOrder(app))
        .WitnessedAsync(async meanwhile =>
        {
            await app.KilledAsync("api", replicas: 1, meanwhile);
            await app.ApiIsHealthyAsync();
        });

    [Fact]
    public Task The_api_is_stopped_and_meanwhile_its_slot_is_lost_and_offsets_go_back() => Witnesses(
        new InsistingCustomers(app), new KeyThatSurvives(app), new LettersOnTheirWay(app, rewinds: true), new CommandsOnceMore(app),
        new LostSlot(app), new StreamsThatEnd(app))
        .WitnessedAsync(meanwhile => app.WithoutApiAsync(async () =>
        {
            await meanwhile();
            return true;
        }));

    [Fact]
    public Task The_database_is_killed_under_everybody() => Witnesses(
        new InsistingCustomers(app), new FollowerOfChanges(app), new CommandsThatWait(app), new CachedOrder(app),
        new ImportUnderWay(app), new DeliveriesThatGoOn(app))
        .WitnessedAsync(app.DatabaseKilledAsync);

    [Fact]
    public async Task Broker_search_engine_and_cache_are_killed_one_after_the_other_and_all_agrees_in_the_end()
    {
        // What other tests have left behind on purpose is not the question here.
        await app.RunAsync(Proofs.Verify);
        var customers = new InsistingCustomers(app);
        await Witnesses(customers).WitnessedAsync(async meanwhile =>
        {
            await app.KilledAsync("kafka", replicas: 1, meanwhile);
            await customers.SomeMoreAsync();
            await app.KilledAsync("search", replicas: 1, meanwhile);
            await customers.SomeMoreAsync();
            await app.KilledAsync("cache", replicas: 1, meanwhile);
        });

        // Repairs nothing. A projection that is stuck has its orders on their way for good, which is no agreement.
        var proof = await Eventually.Get(
            () => app.RunAsync(Proofs.Verify, new { depth = "full", repair = false }),
            seen => seen.GetProperty("clean").GetBoolean() && Proofs.Targets(seen).All(IsThere),
            "everything agrees, and nothing is on its way");
        Assert.Equal(
            ["analytics", "analytics-rollups", "cache", "search"],
            Proofs.Targets(proof).Select(target => target.GetProperty("target").GetString()).Order(StringComparer.Ordinal));

        static bool IsThere(JsonElement target) => Proofs.Found(target) == 0 && Proofs.Number(target, "in_flight") == 0;
    }

    private static Witness[] Witnesses(params Witness[] witnesses) => witnesses;
}

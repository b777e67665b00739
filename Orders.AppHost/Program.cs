// The whole application: servers, services, and who waits for whom.
// --data=none starts with empty servers and keeps nothing; --indexers=2, --apis=2 start replicas; --servers=containers|processes chooses
// what runs the servers; --rate=20 orders per second. More about the simulator: SimulatorSwitches.
using Microsoft.Extensions.Configuration;
using Orders.LocalServers;

var builder = DistributedApplication.CreateBuilder(SimulatorSwitches.Spell(args)).UseLocalServers();
StartWatch.Use(builder);
var settings = builder.Configuration;
var keepsData = settings["data"] != "none";

var postgres = builder.AddPostgres("postgres", password: builder.AddSecret("postgres-password"))
    .WithArgs("-c", "wal_level=logical", "-c", "max_replication_slots=8", "-c", "max_wal_senders=8", "-c", "max_slot_wal_keep_size=8GB")
    // Two pools of 40 together for each replica of the api. The default price of a page out of order is that of a turning disk: whole
    // tables were read where a thousand keys were looked up.
    .WithArgs("-c", "max_connections=300", "-c", "random_page_cost=1.1");
var cache = builder.AddRedis("cache", password: builder.AddSecret("cache-password"));
var kafka = builder.AddKafka("kafka");
// By default it indexes with half the cores and two thirds of the memory, and small batches become slow.
var search = builder.AddMeilisearch("search", masterKey: builder.AddSecret("search-master-key"))
    .WithEnvironment("MEILI_MAX_INDEXING_THREADS", "2")
    .WithEnvironment("MEILI_MAX_INDEXING_MEMORY", "512MiB");
if (keepsData)
{
    postgres.WithDataVolume("orders-postgres");
    kafka.WithDataVolume("orders-kafka");
    search.WithDataVolume("orders-search");
}

var ordersDb = postgres.AddDatabase("ordersdb");

var keys = new DevelopmentKeys(builder);
keys.Add("admin", "admin");
var consoleKey = keys.Add("console", "orders:read", "orders:write");
var simulatorKey = keys.Add("simulator", "orders:read", "orders:write", "catalog:write");

var api = builder.AddProject<Projects.Orders_Api>("api")
    .WithReplicas(settings.GetValue("apis", 1)).ListeningDirectly().AsLocal().WithLocalReceivers()
    .WithReference(ordersDb).WaitFor(ordersDb)
    .WithReference(cache).WaitFor(cache)
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(search).WaitFor(search)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health");

keys.GiveTo(api);

var indexer = builder.AddProject<Projects.Orders_Indexer>("indexer")
    .WithReplicas(settings.GetValue("indexers", 1)).AsLocal().WithLocalReceivers()
    .WithReference(ordersDb).WaitFor(ordersDb)
    .WithReference(cache).WaitFor(cache)
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(search).WaitFor(search)
    .WaitFor(api).WithHttpHealthCheck("/health")
    .WithHttpCommand("/jobs/search-rebuild", "Rebuild the search index", commandOptions: new() { IconName = "ArrowSync" })
    .WithHttpCommand("/jobs/analytics-rebuild", "Rebuild analytics", commandOptions: new() { IconName = "DataBarVertical" });

var archive = Path.GetFullPath("../artifacts/archive" + (keepsData ? "" : $"-{Environment.ProcessId}"), builder.AppHostDirectory);
if (builder.ExecutionContext.IsRunMode) indexer.WithEnvironment("Orders__Archive__Path", archive);

builder.AddProject<Projects.Orders_Simulator>("simulator")
    .WithReference(api).WaitFor(api)
    .WithReference(kafka).WaitFor(kafka)
    .WithEnvironment("Orders__Simulator__ApiKey", simulatorKey)
    .WithSwitches(settings).AsLocal()
    .WithHttpHealthCheck("/health")
    .WithHttpCommand("/live/pause", "Pause live traffic", commandOptions: new() { IconName = "Pause", IsHighlighted = true })
    .WithHttpCommand("/live/resume", "Resume live traffic", commandOptions: new() { IconName = "Play", IsHighlighted = true });

// Said when an order can be found, not merely placed; nothing waits for it.
indexer.OnResourceReady(async (_, _, cancel) => _ = Announcement.SayAsync(
    api.GetEndpoint("http").Url, await consoleKey.GetValueAsync(cancel), settings.GetValue("rate", 2.0) > 0, cancel));

builder.Build().Run();
if (!keepsData && Directory.Exists(archive)) Directory.Delete(archive, recursive: true);

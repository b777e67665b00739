using Npgsql;
using Orders.Contracts;
using Orders.Indexer.Analytics;
using Orders.Indexer.Archive;
using Orders.Indexer.Drift;
using Orders.Indexer.Jobs;
using Orders.Indexer.Projections;
using Orders.Indexer.Replaying;
using Orders.Indexer.Streams;
using Orders.Indexer.Webhooks;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Alarms;
using Orders.ServiceDefaults.Caching;
using Orders.ServiceDefaults.Freshness;
using Orders.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddKafkaClients();
builder.AddOrderCache();
builder.AddMeilisearchClient(WireNames.Connections.Search);

builder.AddStreams();
builder.AddSearchProjection();
builder.AddCacheProjection();
builder.AddWebhooks();
builder.AddFreshness(services => services.GetRequiredService<NpgsqlDataSource>());
builder.AddJobs();
builder.AddDrift();
builder.AddReplaying();
builder.AddAnalytics();
builder.AddArchive();
builder.AddAlarms(services => services.GetRequiredService<NpgsqlDataSource>());

var app = builder.Build();

app.MapHealth();
app.MapJobs();
app.MapGet("/", () => Results.Redirect("/health")).ExcludeFromDescription();

await app.RunAsync();

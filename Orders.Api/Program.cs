using Orders.Api.Access;
using Orders.Api.Access.Administration;
using Orders.Api.Docs;
using Orders.Api.Features;
using Orders.Api.Features.Catalogue;
using Orders.Api.Features.People;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Outbox;
using Orders.Api.Persistence;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Caching;
using Orders.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPersistence();
builder.AddKafkaClients();
builder.AddOrderCache();
builder.AddOutboxRelay();
builder.AddIdempotency();
builder.AddFeatures();
builder.AddApi();
builder.AddAccess();
builder.AddDocs();

var app = builder.Build();
await app.MigrateAsync();
await app.StoreConfiguredKeysAsync();

app.UseApi();
app.UseAccess();
app.MapHealth();
app.MapFeatures();
app.MapCatalogue();
app.MapPeople();
app.MapKeys();
app.MapDocs();
await app.RunAsync();

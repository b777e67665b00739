using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

public sealed class Tracing(OrdersApplication app) : ApplicationTests
{
    [StormFact]
    public async Task One_trace_follows_an_order_from_the_request_to_the_search_index()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        // A batch's own requests are in the trace of one of its orders: with nothing else on the way, that is ours.
        await shop.FoundAsync(await shop.PlaceAsync((product, 1)));
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders");
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        request.Content = new StringContent(
            $$"""
            {"customer_id":"{{shop.CustomerId}}","address_id":"{{shop.AddressId}}",
             "items":[{"product_id":"{{product}}","quantity":1}]}
            """,
            Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));

        await Shop.Ok(await app.Api.SendAsync(request));

        await Eventually.Holds(() =>
        {
            var spans = app.Traces.SpansOf(trace);
            AssertSeen(spans, "api", "Microsoft.AspNetCore", "POST /v1/orders");
            AssertSeen(spans, "api", "Npgsql", "");
            AssertSeen(spans, "api", "Orders.Api.Outbox", "send orders.events");
            AssertSeen(spans, "indexer", "Orders.Indexer", "process orders.events");
            AssertSeen(spans, "indexer", "Orders.Indexer", "index orders");
            AssertSeen(spans, "indexer", "System.Net.Http", "POST");
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Placing_an_order_takes_at_most_four_round_trips_to_the_database_and_reading_it_from_the_cache_none()
    {
        var shop = await Shop.OpenAsync(app);
        var products = new[] { await shop.AddProductAsync(), await shop.AddProductAsync(), await shop.AddProductAsync() };
        using var place = Traced(HttpMethod.Post, "/v1/orders", out var placing);
        place.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        place.Content = JsonContent.Create(new
        {
            customer_id = shop.CustomerId, address_id = shop.AddressId, external_id = shop.Word,
            items = products.Select(product => new { product_id = product, quantity = 2 }),
        });
        var placed = await app.Api.SendAsync(place);
        await Shop.Expect(placed, System.Net.HttpStatusCode.Created);
        var order = Shop.Read(await placed.Content.ReadAsByteArrayAsync());
        Assert.InRange(await RoundTripsAsync(placing, "POST /v1/orders"), 1, 4);

        // Cached as soon as it is placed; a cache that is too slow for once is passed by.
        await Eventually.Is(async () => await ReadAsync(order.Id) == 0, "a read comes from the cache alone");
        await app.Cache.GetDatabase().KeyDeleteAsync(WireNames.CacheKey(order.Id));
        // The order, and now and then the key, which is looked up again every two seconds here.
        Assert.InRange(await ReadAsync(order.Id), 1, 2);
    }

    /// <summary>Round trips to the database of reading an order.</summary>
    private async Task<int> ReadAsync(string id)
    {
        using var read = Traced(HttpMethod.Get, $"/v1/orders/{id}", out var trace);
        await Shop.Ok(await app.Api.SendAsync(read));
        return await RoundTripsAsync(trace, "GET /v1/orders/{id}");
    }

    [Fact]
    public async Task Probes_leave_no_traces()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        foreach (var address in new[] { "/health", "/alive", "/v1/stats" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
            await Shop.Ok(await app.Api.SendAsync(request));
        }

        // The last request is the witness: when its span has arrived, those of the probes would have arrived before it.
        await Eventually.Holds(() =>
        {
            AssertSeen(app.Traces.SpansOf(trace), "api", "Microsoft.AspNetCore", "GET /v1/stats");
            return Task.CompletedTask;
        });
        Assert.Single(app.Traces.SpansOf(trace), span => span.Source == "Microsoft.AspNetCore");
    }

    private static HttpRequestMessage Traced(HttpMethod method, string address, out string trace)
    {
        trace = ActivityTraceId.CreateRandom().ToHexString();
        var request = new HttpRequestMessage(method, address);
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        return request;
    }

    /// <summary>A statement, or a batch of them, is a span. The request's own ends last, so those have arrived by then.</summary>
    private async Task<int> RoundTripsAsync(string trace, string request)
    {
        await Eventually.Holds(() =>
        {
            AssertSeen(app.Traces.SpansOf(trace), "api", "Microsoft.AspNetCore", request);
            return Task.CompletedTask;
        });
        return app.Traces.SpansOf(trace).Count(span => span is { Service: "api", Source: "Npgsql" });
    }

    private static void AssertSeen(IEnumerable<CollectedSpan> spans, string service, string source, string name) =>
        Assert.True(
            spans.Any(span => span.Service == service && span.Source == source && span.Name.StartsWith(name, StringComparison.Ordinal)),
            $"no span '{name}' of {service} ({source}) among: {string.Join("; ", spans)}");
}

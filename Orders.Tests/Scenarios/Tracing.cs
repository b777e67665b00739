using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

[Collection(SecondApplicationCollection.Name)]
public sealed class Tracing(OrdersApplication app)
{
    [Fact]
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

    private static void AssertSeen(IEnumerable<CollectedSpan> spans, string service, string source, string name) =>
        Assert.True(
            spans.Any(span => span.Service == service && span.Source == source && span.Name.StartsWith(name, StringComparison.Ordinal)),
            $"no span '{name}' of {service} ({source}) among: {string.Join("; ", spans)}");
}

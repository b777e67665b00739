using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

[Collection(ApplicationCollection.Name)]
public sealed class Tracing(OrdersApplication app)
{
    [Fact]
    public async Task One_trace_follows_an_order_from_the_request_to_the_search_index()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
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
            Assert.Contains(new CollectedSpan("api", "POST /v1/orders"), spans);
            Assert.Contains(spans, span => span.Service == "api" && span.Name.Contains("ordersdb", StringComparison.Ordinal));
            Assert.Contains(new CollectedSpan("api", "send orders.events"), spans);
            Assert.Contains(new CollectedSpan("indexer", "process orders.events"), spans);
            Assert.Contains(new CollectedSpan("indexer", "index orders"), spans);
            Assert.Contains(spans, span => span.Service == "indexer" && span.Name.StartsWith("POST", StringComparison.Ordinal));
            return Task.CompletedTask;
        });
    }
}

using System.Net;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

public sealed class ImportsSurvive(OrdersApplication app) : StormTests
{
    private const int Products = 6000;

    [Fact]
    public async Task A_stream_outlives_a_restart_of_the_database_or_says_where_it_broke_off()
    {
        var tag = Calls.Tag();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/products/import");
        request.Content = new PausedContent(Lines(tag, 1), async () =>
        {
            await Eventually.Is(async () => await CountAsync(tag) > 0, "the first batch");
            await app.RestartDatabaseAsync();
        }, Lines(tag, (Products / 2) + 1));
        request.Content.Headers.ContentType = new("application/x-ndjson");
        using var patient = app.ApiWith(app.AdminToken);
        patient.Timeout = TimeSpan.FromMinutes(3);

        var reply = await patient.SendAsync(request);

        if (reply.StatusCode == HttpStatusCode.OK) Assert.Equal(Products, (await reply.JsonAsync()).Number("accepted"));
        else Assert.Equal("/problems/import_interrupted", await Problem.TypeAsync(reply));
        var again = await Eventually.Get(
            () => app.Api.StreamAsync("/v1/products/import", Lines(tag, 1) + Lines(tag, (Products / 2) + 1)),
            sent => sent.StatusCode == HttpStatusCode.OK, "the stream sent again");
        Assert.Equal(Products, (await again.JsonAsync()).Number("accepted"));
        // The connections of this test broke too.
        await Eventually.Get(() => CountAsync(tag), count => count == Products, "every product, once");
        // What was there already was not written a second time.
        Assert.Equal(0, await app.CountAsync("products", "starts_with(sku, $1) and version > 1", tag));
        await app.ApiIsHealthyAsync();
    }

    private Task<long> CountAsync(string tag) => app.CountAsync("products", "starts_with(sku, $1)", tag);

    private static string Lines(string tag, int first) => string.Concat(Enumerable.Range(first, Products / 2).Select(i =>
        $$"""{"id":"{{tag}}-{{i}}","sku":"{{tag}}-{{i}}","name":"Silla","category":"c","price":1,"currency":"EUR","weight":1}""" + "\n"));

    /// <summary>Sends one half, does something and sends the other.</summary>
    private sealed class PausedContent(string first, Func<Task> between, string second) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(first));
            await stream.FlushAsync();
            await between();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(second));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

using System.Net;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>HEAD is answered wherever GET is, with the same headers and no body.</summary>
public sealed class Heads(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task The_headers_are_those_of_the_get_and_there_is_no_body()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        foreach (var address in (string[])
        [
            $"/v1/orders/{order.Id}", $"/v1/orders?customer_id={shop.CustomerId}", $"/v1/orders/{order.Id}/history", "/v1/schemas/order/1",
        ])
        {
            var got = await app.Api.GetAsync(address);
            await Shop.Expect(got, HttpStatusCode.OK);
            var body = await got.Content.ReadAsByteArrayAsync();

            var head = await HeadAsync(address);

            await Shop.Expect(head, HttpStatusCode.OK);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            Assert.Equal(
                (body.Length, got.Content.Headers.ContentType?.ToString(), got.Headers.ETag?.ToString()),
                (head.Content.Headers.ContentLength ?? -1, head.Content.Headers.ContentType?.ToString(), head.Headers.ETag?.ToString()));
        }
    }

    [Theory]
    [InlineData("/v1/orders/ord-01a20099-c244-7c5f-a51b-b4b96a893e3e", HttpStatusCode.NotFound)]
    [InlineData("/v1/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/v1/orders?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/v1/orders/ord-01a20099-c244-7c5f-a51b-b4b96a893e3e/cancel", HttpStatusCode.MethodNotAllowed)]
    public async Task A_refusal_is_the_same_too(string address, HttpStatusCode status) =>
        await Shop.Expect(await HeadAsync(address), status);

    [Fact]
    public async Task Who_may_not_get_it_may_not_ask_for_its_head()
    {
        using var nobody = app.ApiWith(null);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v1/orders");
        await Shop.Expect(await nobody.SendAsync(request), HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/v1/orders/stream", "text/event-stream")]
    [InlineData("/v1/orders/export", "application/x-ndjson")]
    public async Task What_has_no_end_is_ended_at_its_first_byte(string address, string type)
    {
        var shop = await Shop.OpenAsync(app);
        await shop.PlaceAsync((await shop.AddProductAsync(), 1));

        var head = await HeadAsync(address);

        await Shop.Expect(head, HttpStatusCode.OK);
        Assert.Equal(type, head.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_connection_is_good_for_the_next_request()
    {
        using var wire = new System.Net.Sockets.TcpClient();
        await wire.ConnectAsync("127.0.0.1", app.Api.BaseAddress!.Port);
        await using var stream = wire.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        foreach (var method in (string[])["HEAD", "HEAD", "GET"])
        {
            var close = method == "GET" ? "Connection: close\r\n" : "";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} /v1/health HTTP/1.1\r\nHost: localhost\r\n{close}\r\n"));
        }

        var text = await reader.ReadToEndAsync();

        Assert.Equal(3, text.Split("HTTP/1.1 200").Length - 1);
        Assert.Equal(1, text.Split("\"checks\"").Length - 1);
    }

    private async Task<HttpResponseMessage> HeadAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        return await app.Api.SendAsync(request);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Robustness;

/// <summary>What hostile requests have found, one by one, so that it stays found.</summary>
public sealed class RequestsThatBrokeIt(OrdersApplication app) : ApplicationTests
{
    /// <summary>JSON whose text is no text: half a character as an escape, in a value and in a name, and bytes that are no UTF-8.</summary>
    public static TheoryData<byte[]> NoText => new(
        Encoding.ASCII.GetBytes("""{"name":"\ud800"}"""),
        Encoding.ASCII.GetBytes("""{"\udfff":"x"}"""),
        Encoding.ASCII.GetBytes("""{"description":"a\udc00b"}"""),
        [.. "{\"name\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8],
        [.. "{\"name\":\""u8, 0xC0, 0x80, .. "\"}"u8]);

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task A_patch_that_is_no_text_is_refused_and_changes_nothing(byte[] body)
    {
        var shop = await Shop.OpenAsync(app);
        var product = $"/v1/products/{await shop.AddProductAsync()}";
        var address = $"/v1/addresses/{shop.AddressId}";
        foreach (var path in new[] { product, address, $"/v1/customers/{shop.CustomerId}" })
        {
            var before = await app.Api.GetStringAsync(path);
            await RefusedAsync(HttpMethod.Patch, path, body, "application/merge-patch+json", "body");
            Assert.Equal(before, await app.Api.GetStringAsync(path));
        }
    }

    [Fact]
    public async Task A_member_without_a_name_is_told_of_by_the_body()
    {
        var shop = await Shop.OpenAsync(app);
        await RefusedAsync(
            HttpMethod.Patch, $"/v1/addresses/{shop.AddressId}", "{\"\":1}"u8.ToArray(), "application/merge-patch+json", "body");
    }

    [Theory]
    [InlineData("/v1/orders?limit=1%00", "limit")]
    [InlineData("/v1/products?limit=1%00", "limit")]
    [InlineData("/v1/orders/changes?after=1%00", "after")]
    [InlineData("/v1/orders/stream?after=x", "after")]
    public async Task A_number_with_something_behind_it_is_no_number(string address, string field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (address.Contains("stream", StringComparison.Ordinal)) request.Headers.Add("Last-Event-ID", "0");
        await RefusedAsync(await app.Api.SendAsync(request), HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task Two_content_types_are_one_too_many()
    {
        using var connection = new RawConnection(app.Api.BaseAddress!);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var head = $"POST /v1/customers HTTP/1.1\r\nHost: {app.Api.BaseAddress!.Authority}\r\n"
            + $"Authorization: {app.Api.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}";
        var reply = await connection.SendAsync(Encoding.ASCII.GetBytes(head), thenEnd: false, patience.Token);
        Assert.Equal(415, reply.Status);
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_reply_to_a_body_over_its_bound_says_that_the_connection_ends(string type, HttpStatusCode status)
    {
        using var content = new ByteArrayContent(new byte[2 << 20]);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders") { Content = content };
        // What is refused by its length alone need not be sent.
        request.Headers.ExpectContinue = true;

        var reply = await app.Api.SendAsync(request);

        Assert.Equal(status, reply.StatusCode);
        Assert.True(reply.Headers.ConnectionClose);
    }

    [Fact]
    public async Task A_patch_in_another_coding_is_refused()
    {
        var shop = await Shop.OpenAsync(app);
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/merge-patch+json");
        content.Headers.ContentEncoding.Add("br");
        var reply = await app.Api.PatchAsync($"/v1/addresses/{shop.AddressId}", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.StatusCode);
    }

    private async Task RefusedAsync(HttpMethod method, string path, byte[] body, string type, string field)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var request = new HttpRequestMessage(method, path) { Content = content };
        await RefusedAsync(await app.Api.SendAsync(request), HttpStatusCode.BadRequest, field);
    }

    private static async Task RefusedAsync(HttpResponseMessage reply, HttpStatusCode status, string field)
    {
        await Shop.Expect(reply, status);
        var problem = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("field").GetString());
    }
}

using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Access;

/// <summary>What browsers are told: headers of every reply, and who may call from another origin.</summary>
public sealed class Browsers(OrdersApplication app) : ApplicationTests
{
    [Theory]
    [InlineData("/read", HttpStatusCode.OK)]
    [InlineData("/write", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/forgotten", HttpStatusCode.Forbidden)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/crash", HttpStatusCode.InternalServerError)]
    public async Task Every_reply_has_the_security_headers_and_the_keys_limits(string path, HttpStatusCode status)
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        await using var replica = await Replica.StartAsync(app.DatabaseConnection);
        using var holder = replica.Client(key.Token);

        var reply = await holder.GetAsync(path);

        await Shop.Expect(reply, status);
        AssertSafe(reply, "default-src 'none'; frame-ancestors 'none'");
        Assert.False(reply.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal("2000", reply.Headers.GetValues("RateLimit-Limit").Single());
    }

    [Fact]
    public async Task Who_is_not_let_in_gets_them_too()
    {
        using var nobody = app.ApiWith(null);
        var reply = await nobody.GetAsync("/v1/orders");
        await Shop.Expect(reply, HttpStatusCode.Unauthorized);
        AssertSafe(reply, "default-src 'none'; frame-ancestors 'none'");
        Assert.False(reply.Headers.Contains("RateLimit-Limit"));
    }

    [Fact]
    public async Task A_page_has_a_content_policy_of_its_own()
    {
        await using var replica = await Replica.StartAsync(app.DatabaseConnection);
        using var nobody = replica.Client();
        AssertSafe(await nobody.GetAsync("/page"), "default-src 'self'");
    }

    [Fact]
    public async Task Over_https_browsers_are_told_to_stay_with_it()
    {
        await using var replica = await Replica.StartAsync(app.DatabaseConnection);
        using var nobody = replica.Client(https: true);
        var reply = await nobody.GetAsync("/open");
        Assert.Equal("max-age=31536000", reply.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task No_origin_is_allowed_unless_it_is_configured()
    {
        using var preflight = Preflight("https://shop.example", "/v1/orders");
        using var nobody = app.ApiWith(null);

        var asked = await nobody.SendAsync(preflight);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders?limit=1");
        request.Headers.Add("Origin", "https://shop.example");
        var answered = await app.Api.SendAsync(request);

        Assert.False(asked.IsSuccessStatusCode, $"{asked.StatusCode}");
        Assert.DoesNotContain(asked.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(answered.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_configured_origin_may_call_with_a_key_and_no_other_one()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        await using var replica = await Replica.StartAsync(app.DatabaseConnection, ("Cors:Origins:0", "https://shop.example"));
        using var browser = replica.Client(key.Token);
        using var nobody = replica.Client();

        var allowed = await nobody.SendAsync(Preflight("https://shop.example", "/read"));
        var refused = await nobody.SendAsync(Preflight("https://evil.example", "/read"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/read");
        request.Headers.Add("Origin", "https://shop.example");
        var answered = await browser.SendAsync(request);

        await Shop.Expect(allowed, HttpStatusCode.NoContent);
        Assert.Equal("https://shop.example", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var admitted = allowed.Headers.GetValues("Access-Control-Allow-Headers").Single();
        Assert.All((string[])["Authorization", "Prefer", "Orders-Position", "Idempotency-Key", "If-Match"], header =>
            Assert.Contains(header, admitted, StringComparison.Ordinal));
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));
        AssertSafe(allowed, "default-src 'none'; frame-ancestors 'none'");
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
        await Shop.Expect(answered, HttpStatusCode.OK);
        Assert.Equal("https://shop.example", answered.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var exposed = answered.Headers.GetValues("Access-Control-Expose-Headers").Single();
        Assert.All((string[])["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "ETag", "Orders-Position"], header =>
            Assert.Contains(header, exposed, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://shop.example/")]
    [InlineData("shop.example")]
    public async Task An_origin_that_is_none_stops_the_start(string origin)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => Replica.StartAsync(app.DatabaseConnection, ("Cors:Origins:0", origin)));
        Assert.Contains($"'{origin}' is no origin", error.ToString(), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Preflight(string origin, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
        return request;
    }

    private static void AssertSafe(HttpResponseMessage reply, string policy)
    {
        string One(string name) => reply.Headers.TryGetValues(name, out var values) ? string.Join(" | ", values) : "";
        Assert.Equal(
            ("nosniff", "no-referrer", "DENY", policy),
            (One("X-Content-Type-Options"), One("Referrer-Policy"), One("X-Frame-Options"), One("Content-Security-Policy")));
    }
}

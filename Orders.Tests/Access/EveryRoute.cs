using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Orders.Api.Access;
using Orders.Tests.Support;

namespace Orders.Tests.Access;

/// <summary>What every route asks for, one by one, of the running API.</summary>
public sealed partial class EveryRoute(OrdersApplication app) : ApplicationTests
{
    public static TheoryData<string> Open => RouteTable.Where(route => route.Anonymous);

    public static TheoryData<string> Closed => RouteTable.Where(route => !route.Anonymous);

    public static TheoryData<string> Scoped => RouteTable.Where(route => route.Scope is not null);

    public static TheoryData<string> Unbound => 
        RouteTable.Where(route => route.Unbound && (route.Scope is null || Scopes.OfBoundKeys.Contains(route.Scope)));

    [Theory]
    [MemberData(nameof(Open))]
    public async Task An_open_route_answers_without_a_key(string route)
    {
        using var nobody = app.ApiWith(null);
        await Shop.Expect(await SendAsync(nobody, route), HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Without_a_key_the_answer_is_401(string route)
    {
        using var nobody = app.ApiWith(null);

        var reply = await SendAsync(nobody, route);

        await Shop.Expect(reply, HttpStatusCode.Unauthorized);
        Assert.Equal("/problems/unauthorized", await Problem.TypeAsync(reply));
        Assert.Equal("Bearer", reply.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [MemberData(nameof(Scoped))]
    public async Task A_key_with_every_other_scope_gets_403(string route)
    {
        var scope = RouteTable.Of(route).Scope!;
        var others = Scopes.All.Except([scope, Scopes.Admin]).ToArray();
        using var holder = await app.HolderAsync(others);

        var reply = await SendAsync(holder, route);

        await Shop.Expect(reply, HttpStatusCode.Forbidden);
        Assert.Equal("/problems/missing_scope", await Problem.TypeAsync(reply));
        Assert.Contains($"'{scope}'", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // Some begin a rebuild or a replay.
    [StormTheory]
    [MemberData(nameof(Closed))]
    public async Task A_key_with_just_the_scope_is_let_in(string route)
    {
        using var holder = await app.HolderAsync([RouteTable.Of(route).Scope ?? Scopes.CatalogWrite]);

        var reply = await SendAsync(holder, route);

        if (reply.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || (int)reply.StatusCode is 405 or >= 500)
            Assert.Fail($"{route}: {reply.StatusCode} {await reply.Content.ReadAsStringAsync()}");
    }

    [Theory]
    [MemberData(nameof(Unbound))]
    public async Task What_is_about_all_customers_is_not_for_a_key_of_one(string route)
    {
        var shop = await Shop.OpenAsync(app);
        using var customer = await app.HolderAsync(["orders:read", "orders:write"], shop.CustomerId);

        var reply = await SendAsync(customer, route);

        await Shop.Expect(reply, HttpStatusCode.Forbidden);
        Assert.Equal("/problems/bound_key", await Problem.TypeAsync(reply));
    }

    [Fact]
    public async Task A_route_that_is_not_there_is_401_without_a_key_and_404_with_one()
    {
        using var nobody = app.ApiWith(null);
        using var holder = await app.HolderAsync(["orders:read"]);

        await Shop.Expect(await nobody.GetAsync("/v1/secrets"), HttpStatusCode.Unauthorized);
        await Shop.Expect(await holder.GetAsync("/v1/secrets"), HttpStatusCode.NotFound);
        await Shop.Expect(await holder.DeleteAsync("/v1/orders"), HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_route_that_says_nothing_is_for_admins_alone()
    {
        await using var replica = await Replica.StartAsync(app.DatabaseConnection);
        using var admin = replica.Client(app.AdminToken);
        using var holder = replica.Client((await app.CreateKeyAsync(["orders:read", "orders:write", "catalog:write"])).Token);
        using var nobody = replica.Client();

        await Shop.Expect(await nobody.GetAsync("/forgotten"), HttpStatusCode.Unauthorized);
        await Shop.Expect(await holder.GetAsync("/forgotten"), HttpStatusCode.Forbidden);
        await Shop.Expect(await admin.GetAsync("/forgotten"), HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Bearer ordk_nobody_0123456789012345678901234567890123456789")]
    [InlineData("Bearer nonsense")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("Bearer")]
    public async Task What_is_no_key_of_ours_is_401(string header)
    {
        using var nobody = app.ApiWith(null);
        nobody.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        for (var i = 0; i < 2; i++) // looked up, and then remembered as nobody's
        {
            var reply = await nobody.GetAsync("/v1/orders");
            await Shop.Expect(reply, HttpStatusCode.Unauthorized);
            Assert.Equal("Bearer error=\"invalid_token\"", reply.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task A_wrong_secret_of_a_real_key_is_401()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        using var guesser = app.ApiWith(key.Token[..^1] + (key.Token[^1] == 'A' ? 'B' : 'A'));
        await Shop.Expect(await guesser.GetAsync("/v1/orders"), HttpStatusCode.Unauthorized);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string route)
    {
        var rule = RouteTable.Of(route);
        var path = rule.Path.Replace("/problems/{code}", "/problems/unauthorized", StringComparison.Ordinal)
            .Replace("/schemas/{name}/{version}", "/schemas/order/1", StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(rule.Method), Placeholder().Replace(path, "none"));
        if (rule.Method is "POST" or "PUT" or "PATCH")
            request.Content = new StringContent(rule.Body, Encoding.UTF8, "application/json");
        // A stream has no end: its head will do.
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    [GeneratedRegex(@"\{\w+\}", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();
}

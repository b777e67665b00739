using System.Globalization;
using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Access;

public sealed class Limiting(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_key_over_its_limit_gets_429_and_is_let_in_again_after_what_Retry_After_says()
    {
        var key = await app.CreateKeyAsync(["orders:read"], perSecond: 2, burst: 5);
        using var holder = app.ApiWith(key.Token);
        var seen = new List<(HttpStatusCode Status, string Limit, int Remaining)>();
        HttpResponseMessage reply;
        do
        {
            reply = await holder.GetAsync("/v1/orders?limit=1");
            seen.Add((reply.StatusCode, Header(reply, "RateLimit-Limit"), Number(reply, "RateLimit-Remaining")));
            Assert.InRange(Number(reply, "RateLimit-Reset"), 0, 3);
        }
        while (reply.IsSuccessStatusCode && seen.Count < 100);

        await Shop.Expect(reply, HttpStatusCode.TooManyRequests);
        Assert.Equal("/problems/too_many_requests", await Problem.TypeAsync(reply));
        Assert.Equal((HttpStatusCode.OK, "5", 4), seen[0]);
        Assert.Equal((HttpStatusCode.TooManyRequests, "5", 0), seen[^1]);
        Assert.InRange(seen.Count, 6, 30);
        Assert.InRange(Number(reply, "Retry-After"), 1, 2);
        await Eventually.Is(async () => (await holder.GetAsync("/v1/orders?limit=1")).IsSuccessStatusCode, "let in again",
            TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task One_keys_limit_is_not_anothers()
    {
        using var greedy = app.ApiWith((await app.CreateKeyAsync(["orders:read"], perSecond: 1, burst: 1)).Token);
        using var modest = app.ApiWith((await app.CreateKeyAsync(["orders:read"], perSecond: 1, burst: 1)).Token);

        await Eventually.Is(async () => (await greedy.GetAsync("/v1/orders?limit=1")).StatusCode == HttpStatusCode.TooManyRequests, "429");

        await Shop.Ok(await modest.GetAsync("/v1/orders?limit=1"));
    }

    [Fact]
    public async Task Whoever_has_no_valid_key_is_limited_by_address_and_probes_are_not()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        await using var replica = await Replica.StartAsync(
            app.DatabaseConnection, ("AnonymousRequestsPerSecond", "1"), ("AnonymousBurst", "4"));
        using var nobody = replica.Client();
        using var guesser = replica.Client("ordk_nobody_0123456789012345678901234567890123456789");
        using var holder = replica.Client(key.Token);
        await Shop.Ok(await holder.GetAsync("/read"));

        await Shop.Ok(await nobody.GetAsync("/open"));
        await Shop.Expect(await nobody.GetAsync("/read"), HttpStatusCode.Unauthorized);
        await Eventually.Is(async () => (await guesser.GetAsync("/read")).StatusCode == HttpStatusCode.TooManyRequests, "429");

        var refused = await nobody.GetAsync("/open");
        await Shop.Expect(refused, HttpStatusCode.TooManyRequests);
        Assert.InRange(Number(refused, "Retry-After"), 1, 2);
        for (var i = 0; i < 50; i++) await Shop.Ok(await nobody.GetAsync("/probe"));
        await Shop.Ok(await holder.GetAsync("/read"));
        await Eventually.Is(async () => (await nobody.GetAsync("/open")).IsSuccessStatusCode, "let in again", TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Guessed_ids_are_limited_as_failures_and_a_good_key_never_pays_for_them()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        await using var replica = await Replica.StartAsync(
            app.DatabaseConnection, ("AnonymousRequestsPerSecond", "1"), ("AnonymousBurst", "10"), ("KeyCacheEntriesMax", "5"));
        using var guesser = replica.Client();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 60; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/read");
            request.Headers.Authorization = new("Bearer", $"ordk_guess{i}_0123456789012345678901234567890123456789");
            statuses.Add((await guesser.SendAsync(request)).StatusCode);
        }

        Assert.InRange(statuses.Count(status => status == HttpStatusCode.Unauthorized), 10, 30);
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], statuses.Distinct());
        // From the same address, and seen for the first time; again and again, because the guesses push it out of memory.
        using var holder = replica.Client(key.Token);
        for (var i = 0; i < 5; i++) await Shop.Ok(await holder.GetAsync("/read"));
    }

    [Fact]
    public async Task Whose_address_a_request_has_is_not_for_the_request_to_say()
    {
        await using var replica = await Replica.StartAsync(
            app.DatabaseConnection, ("AnonymousRequestsPerSecond", "1"), ("AnonymousBurst", "5"));
        using var client = replica.Client();
        var statuses = await OpenAsync(client, 30);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);

        // A proxy that is trusted says it: every caller behind it has a limit of its own, and what a caller claims is no proxy's word.
        await using var behind = await Replica.StartAsync(
            app.DatabaseConnection, ("AnonymousRequestsPerSecond", "1"), ("AnonymousBurst", "5"), ("TrustedProxies:0", "127.0.0.1"));
        using var proxied = behind.Client();
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, await OpenAsync(proxied, 30));
        Assert.Contains(HttpStatusCode.TooManyRequests, await OpenAsync(proxied, 30, ", 198.51.100.7"));
    }

    /// <summary>Requests without a key that each claim another address, and an address behind it that the proxy has seen.</summary>
    private static async Task<List<HttpStatusCode>> OpenAsync(HttpClient client, int count, string seen = "")
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/open");
            request.Headers.Add("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"203.0.113.{i + 1}{seen}"));
            statuses.Add((await client.SendAsync(request)).StatusCode);
        }

        return statuses;
    }

    private static string Header(HttpResponseMessage reply, string name) => reply.Headers.GetValues(name).Single();

    private static int Number(HttpResponseMessage reply, string name) => int.Parse(Header(reply, name), CultureInfo.InvariantCulture);
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Access;

/// <summary>Keys that end, change and outlive an outage, seen from the replica that did it and from another one.</summary>
public sealed class KeyLifetimes(OrdersApplication app) : ApplicationTests
{
    private static readonly (string, string) TenSeconds = ("KeyCacheTimeToLive", "00:00:10");

    [Fact]
    public async Task A_revoked_key_ends_at_once_here_and_within_the_caches_time_elsewhere()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        await using var replica = await Replica.StartAsync(app.DatabaseConnection, TenSeconds);
        using var here = app.ApiWith(key.Token);
        using var there = replica.Client(key.Token);
        await Shop.Ok(await here.GetAsync("/v1/orders?limit=1"));
        await Shop.Ok(await there.GetAsync("/read"));

        await Shop.Expect(await app.Api.DeleteAsync($"/v1/keys/{key.Id}"), HttpStatusCode.NoContent);

        await Shop.Expect(await here.GetAsync("/v1/orders?limit=1"), HttpStatusCode.Unauthorized);
        await Shop.Ok(await there.GetAsync("/read"));
        replica.Time.Step(TimeSpan.FromSeconds(11));
        await Shop.Expect(await there.GetAsync("/read"), HttpStatusCode.Unauthorized);
        await Shop.Expect(await app.Api.DeleteAsync($"/v1/keys/{key.Id}"), HttpStatusCode.NoContent);
        var rotated = await app.Api.PostAsync($"/v1/keys/{key.Id}/rotate", null);
        await Shop.Expect(rotated, HttpStatusCode.Conflict);
        Assert.Equal("/problems/revoked_key", await Problem.TypeAsync(rotated));
        Assert.Equal(1, await app.Database.ScalarAsync<long>(
            "select count(*) from api_keys where id = $1 and revoked_at is not null", key.Id));
    }

    [Fact]
    public async Task A_key_ends_when_it_expires_although_it_is_in_memory()
    {
        var key = await app.CreateKeyAsync(["orders:read"], expiresAt: TimeProvider.System.GetUtcNow().AddMinutes(1));
        await using var replica = await Replica.StartAsync(app.DatabaseConnection, ("KeyCacheTimeToLive", "00:05:00"));
        using var holder = replica.Client(key.Token);
        await Shop.Ok(await holder.GetAsync("/read"));

        replica.Time.Step(TimeSpan.FromMinutes(2));

        await Shop.Expect(await holder.GetAsync("/read"), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_rotated_key_has_a_new_secret_and_the_old_one_ends_with_its_grace()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        var reply = await app.Api.PostAsJsonAsync($"/v1/keys/{key.Id}/rotate", new { grace_seconds = 60 });
        await Shop.Expect(reply, HttpStatusCode.OK);
        Assert.True(reply.Headers.CacheControl?.NoStore);
        var renewed = Keys.Read(await reply.Content.ReadFromJsonAsync<JsonElement>());
        await using var replica = await Replica.StartAsync(app.DatabaseConnection, TenSeconds);
        using var before = replica.Client(key.Token);
        using var after = replica.Client(renewed.Token);

        Assert.Equal(key.Id, renewed.Id);
        await Shop.Ok(await before.GetAsync("/read"));
        await Shop.Ok(await after.GetAsync("/read"));
        replica.Time.Step(TimeSpan.FromSeconds(61));
        await Shop.Expect(await before.GetAsync("/read"), HttpStatusCode.Unauthorized);
        await Shop.Ok(await after.GetAsync("/read"));
    }

    [Fact]
    public async Task Without_a_grace_the_old_secret_ends_at_once()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        using var holder = app.ApiWith(key.Token);
        await Shop.Ok(await holder.GetAsync("/v1/orders?limit=1"));

        await Shop.Ok(await app.Api.PostAsync($"/v1/keys/{key.Id}/rotate", null));

        await Shop.Expect(await holder.GetAsync("/v1/orders?limit=1"), HttpStatusCode.Unauthorized);
        await Shop.Expect(
            await app.Api.PostAsJsonAsync($"/v1/keys/{key.Id}/rotate", new { grace_seconds = 604_801 }), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Of_many_who_rotate_a_key_at_once_whoever_gets_a_token_gets_one_that_works()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            app.Api.PostAsJsonAsync($"/v1/keys/{key.Id}/rotate", new { grace_seconds = 0 })));

        foreach (var reply in replies) await Shop.Expect(reply, HttpStatusCode.OK, HttpStatusCode.Conflict);
        var hashes = new List<string>();
        foreach (var reply in replies.Where(reply => reply.IsSuccessStatusCode))
        {
            var secret = Keys.Read(await reply.Content.ReadFromJsonAsync<JsonElement>()).Token.Split('_', 3)[2];
            hashes.Add(Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret))));
        }

        Assert.Contains(await app.Database.ScalarAsync<string>(
            "select encode(secret_hash, 'hex') from api_keys where id = $1", key.Id), hashes);
    }

    [Fact]
    public async Task A_known_key_outlives_an_outage_of_the_database_and_an_unknown_one_gets_503()
    {
        var (known, stranger) = (await app.CreateKeyAsync(["orders:read"]), await app.CreateKeyAsync(["orders:read"]));
        var server = new NpgsqlConnectionStringBuilder(app.DatabaseConnection);
        await using var wire = Relay.To(server.Host!, server.Port);
        var throughWire = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "127.0.0.1", Port = wire.Port };
        await using var replica = await Replica.StartAsync(
            throughWire.ConnectionString, TenSeconds, ("KeyCacheOutageMax", "00:10:00"), ("KeyLookupTimeout", "00:00:00.500"));
        using var holder = replica.Client(known.Token);
        using var other = replica.Client(stranger.Token);
        // The first look-up opens the connection too, which takes longer than half a second on a busy machine.
        await Eventually.Is(async () => (await holder.GetAsync("/read")).IsSuccessStatusCode, "the key is known");

        wire.Cut();
        replica.Time.Step(TimeSpan.FromSeconds(11));

        for (var i = 0; i < 20; i++) await Shop.Ok(await holder.GetAsync("/read"));
        var refused = await other.GetAsync("/read");
        await Shop.Expect(refused, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("/problems/database_unavailable", await Problem.TypeAsync(refused));

        replica.Time.Step(TimeSpan.FromMinutes(11));
        await Shop.Expect(await holder.GetAsync("/read"), HttpStatusCode.ServiceUnavailable);

        wire.Mend();
        await Eventually.Is(async () => (await holder.GetAsync("/read")).IsSuccessStatusCode, "the key is looked up again");
        await Eventually.Is(async () => (await other.GetAsync("/read")).IsSuccessStatusCode, "the other one too");
    }

    [Fact]
    public async Task A_key_revoked_during_an_outage_ends_when_the_database_is_back()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        var server = new NpgsqlConnectionStringBuilder(app.DatabaseConnection);
        await using var wire = Relay.To(server.Host!, server.Port);
        var throughWire = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "127.0.0.1", Port = wire.Port };
        await using var replica = await Replica.StartAsync(
            throughWire.ConnectionString, TenSeconds, ("KeyLookupTimeout", "00:00:00.500"));
        using var holder = replica.Client(key.Token);
        await Eventually.Is(async () => (await holder.GetAsync("/read")).IsSuccessStatusCode, "the key is known");
        wire.Cut();
        replica.Time.Step(TimeSpan.FromSeconds(11));
        await Shop.Ok(await holder.GetAsync("/read"));

        await Shop.Ok(await app.Api.DeleteAsync($"/v1/keys/{key.Id}"));
        wire.Mend();

        await Eventually.Is(async () => (await holder.GetAsync("/read")).StatusCode == HttpStatusCode.Unauthorized, "401");
    }
}

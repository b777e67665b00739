using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Access;

public sealed class ManagingKeys(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_new_key_works_and_its_token_is_shown_once_and_stored_nowhere()
    {
        var reply = await app.Api.PostAsJsonAsync("/v1/keys", new { name = "back office", scopes = new[] { "orders:read" }, burst = 7 });
        await Shop.Expect(reply, HttpStatusCode.Created);
        var created = await reply.Content.ReadFromJsonAsync<JsonElement>();
        var key = Keys.Read(created);
        using var holder = app.ApiWith(key.Token);

        await Shop.Ok(await holder.GetAsync("/v1/orders?limit=1"));

        Assert.Equal($"/v1/keys/{key.Id}", reply.Headers.Location?.OriginalString);
        Assert.True(reply.Headers.CacheControl?.NoStore);
        var read = await app.Api.GetStringAsync($"/v1/keys/{key.Id}");
        var secret = key.Token.Split('_', 3)[2];
        Assert.Equal(Without(created, "token"), Without(JsonSerializer.Deserialize<JsonElement>(read), "last_used_at"));
        Assert.DoesNotContain(secret, read, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", read, StringComparison.Ordinal);
        var row = await app.Database.ScalarAsync<string>("select to_jsonb(k)::text from api_keys k where id = $1", key.Id);
        Assert.DoesNotContain(secret, row, StringComparison.Ordinal);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(secret))),
            await app.Database.ScalarAsync<string>("select encode(secret_hash, 'hex') from api_keys where id = $1", key.Id));
    }

    [Fact]
    public async Task Every_key_is_listed_once_page_by_page()
    {
        var made = new List<string>();
        for (var i = 0; i < 5; i++) made.Add((await app.CreateKeyAsync(["orders:read"])).Id);

        var listed = new List<string>();
        string? cursor = null;
        do
        {
            var page = JsonSerializer.Deserialize<JsonElement>(
                await app.Api.GetStringAsync("/v1/keys?limit=2" + (cursor is null ? "" : $"&cursor={cursor}")));
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(key => key.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(listed.Order(StringComparer.Ordinal).Distinct(), listed);
        Assert.Empty(made.Concat(["admin", "console", "simulator"]).Except(listed));
    }

    [Theory]
    [InlineData("""{"scopes":["orders:read"]}""", "name", 400)]
    [InlineData("""{"name":"","scopes":["orders:read"]}""", "name", 400)]
    [InlineData("""{"name":"n"}""", "scopes", 400)]
    [InlineData("""{"name":"n","scopes":[]}""", "scopes", 400)]
    [InlineData("""{"name":"n","scopes":["orders:everything"]}""", "scopes", 400)]
    [InlineData("""{"name":"n","scopes":[null]}""", "scopes", 400)]
    [InlineData("""{"name":"n","scopes":["admin"],"customer_id":"cus-1"}""", "scopes", 400)]
    [InlineData("""{"name":"n","scopes":["catalog:write"],"customer_id":"cus-1"}""", "scopes", 400)]
    [InlineData("""{"name":"n","scopes":["orders:read"],"customer_id":"cus-nobody"}""", "customer_id", 422)]
    [InlineData("""{"name":"n","scopes":["orders:read"],"customer_id":"x\" OR status = \"placed"}""", "customer_id", 400)]
    [InlineData("""{"name":"n","scopes":["orders:read"],"requests_per_second":0}""", "requests_per_second", 400)]
    [InlineData("""{"name":"n","scopes":["orders:read"],"burst":2000000}""", "burst", 400)]
    [InlineData("""{"name":"n","scopes":["orders:read"],"expires_at":"2020-01-01T00:00:00Z"}""", "expires_at", 400)]
    [InlineData("""{"name":"n","scopes":["orders:read"],"token":"ordk_mine_0123456789012345678901234567890123456789"}""", "token", 400)]
    public async Task A_bad_key_is_refused_by_name_and_not_made(string body, string field, int status)
    {
        // A name by which it would be found if it had been made.
        var name = Guid.NewGuid().ToString();
        body = body.Replace("\"name\":\"n\"", $"\"name\":\"{name}\"", StringComparison.Ordinal);

        var reply = await app.Api.PostAsync("/v1/keys", new StringContent(body, Encoding.UTF8, "application/json"));

        await Shop.Expect(reply, (HttpStatusCode)status);
        Assert.Contains(field, await Problem.FieldsAsync(reply));
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from api_keys where name in ('', $1)", name));
    }

    [Fact]
    public async Task A_change_holds_at_once_and_null_takes_a_limit_away()
    {
        var key = await app.CreateKeyAsync(["orders:read"], perSecond: 5, burst: 9);
        using var holder = app.ApiWith(key.Token);
        Assert.Equal("9", await LimitAsync(holder));

        var changed = await PatchAsync(key.Id, """{"name":"renamed","burst":40,"expires_at":"2099-12-31T23:00:00+01:00"}""");

        Assert.Equal("40", await LimitAsync(holder));
        Assert.Equal(("renamed", 5, 40, "2099-12-31T22:00:00.000000Z"), (
            changed.GetProperty("name").GetString(), changed.GetProperty("requests_per_second").GetInt32(),
            changed.GetProperty("burst").GetInt32(), changed.GetProperty("expires_at").GetString()));
        await PatchAsync(key.Id, """{"burst":null,"expires_at":null}""");
        Assert.Equal("2000", await LimitAsync(holder));
        Assert.Equal(1, await app.Database.ScalarAsync<long>(
            "select count(*) from api_keys where id = $1 and burst is null and expires_at is null and requests_per_second = 5", key.Id));
    }

    [Theory]
    [InlineData("""{"burst":"many"}""", "burst")]
    [InlineData("""{"burst":0}""", "burst")]
    [InlineData("""{"requests_per_second":1.5}""", "requests_per_second")]
    [InlineData("""{"expires_at":"soon"}""", "expires_at")]
    [InlineData("""{"expires_at":"2001-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"scopes":["admin"]}""", "scopes")]
    [InlineData("""{"name":" "}""", "name")]
    public async Task A_bad_change_is_refused_by_name_and_changes_nothing(string body, string field)
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        var before = await RowAsync(key.Id);

        var reply = await app.Api.PatchAsync($"/v1/keys/{key.Id}", new StringContent(body, Encoding.UTF8, "application/json"));

        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Contains(field, await Problem.FieldsAsync(reply));
        Assert.Equal(before, await RowAsync(key.Id));
    }

    [Fact]
    public async Task A_configured_key_is_changed_only_by_configuration()
    {
        var before = await RowAsync("admin");
        foreach (var reply in new[]
        {
            await app.Api.DeleteAsync("/v1/keys/admin"), await app.Api.PostAsync("/v1/keys/admin/rotate", null),
            await app.Api.PatchAsJsonAsync("/v1/keys/admin", new { burst = 1 }),
        })
        {
            await Shop.Expect(reply, HttpStatusCode.Conflict);
            Assert.Equal("/problems/configured_key", await Problem.TypeAsync(reply));
        }

        Assert.Equal(before, await RowAsync("admin"));
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_404()
    {
        foreach (var reply in new[]
        {
            await app.Api.GetAsync("/v1/keys/none"), await app.Api.DeleteAsync("/v1/keys/none"),
            await app.Api.PostAsync("/v1/keys/none/rotate", null), await app.Api.PatchAsJsonAsync("/v1/keys/none", new { burst = 1 }),
        })
            await Shop.Expect(reply, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_list_says_when_a_key_was_last_used()
    {
        var key = await app.CreateKeyAsync(["orders:read"]);
        Assert.False((await StateAsync(key.Id)).TryGetProperty("last_used_at", out _));
        using var holder = app.ApiWith(key.Token);
        await Shop.Ok(await holder.GetAsync("/v1/orders?limit=1"));

        await Eventually.Is(async () => (await StateAsync(key.Id)).TryGetProperty("last_used_at", out _), "last_used_at");
    }

    private async Task<JsonElement> PatchAsync(string id, string body)
    {
        var reply = await app.Api.PatchAsync($"/v1/keys/{id}", new StringContent(body, Encoding.UTF8, "application/json"));
        await Shop.Expect(reply, HttpStatusCode.OK);
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> StateAsync(string id) =>
        JsonSerializer.Deserialize<JsonElement>(await app.Api.GetStringAsync($"/v1/keys/{id}"));

    private Task<string> RowAsync(string id) =>
        app.Database.ScalarAsync<string>("select (to_jsonb(k) - 'last_used_at')::text from api_keys k where id = $1", id);

    private static async Task<string> LimitAsync(HttpClient holder)
    {
        var reply = await holder.GetAsync("/v1/orders?limit=1");
        await Shop.Expect(reply, HttpStatusCode.OK);
        return reply.Headers.GetValues("RateLimit-Limit").Single();
    }

    private static string Without(JsonElement key, string field) =>
        string.Join(", ", key.EnumerateObject().Where(property => property.Name != field).Select(property => property.ToString()));
}

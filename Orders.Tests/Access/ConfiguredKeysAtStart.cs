using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orders.Api.Access;
using Orders.Api.Persistence;
using Orders.Tests.Support;

namespace Orders.Tests.Access;

public sealed class ConfiguredKeysAtStart(OrdersApplication app) : ApplicationTests
{
    private const string Secret = "0123456789012345678901234567890123456789";
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Replicas_that_start_again_and_again_leave_the_keys_as_they_are_configured()
    {
        await using var fresh = await FreshAsync();
        ConfiguredKey[] keys = [Key("admin", "admin"), Key("portal", "orders:read", "orders:write")];

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => StoreAsync(fresh, keys, Now)));
        var first = await RowsAsync(fresh);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => StoreAsync(fresh, keys, Now.AddDays(1))));

        Assert.Equal(2, first.Count);
        Assert.Equal(first, await RowsAsync(fresh));
    }

    [Fact]
    public async Task What_is_configured_no_longer_is_gone_and_made_keys_stay()
    {
        await using var fresh = await FreshAsync();
        await StoreAsync(fresh, [Key("admin", "admin"), Key("portal", "orders:read")], Now);
        await using (var made = fresh.CreateCommand(
            """
            insert into api_keys (id, name, secret_hash, scopes, configured, created_at)
            select 'made', name, secret_hash, scopes, false, created_at from api_keys limit 1
            """))
            await made.ExecuteNonQueryAsync();

        var changed = Key("admin", "catalog:write");
        changed.Token = $"ordk_admin_{Secret}changed";
        changed.Burst = 9;
        await StoreAsync(fresh, [changed], Now);

        Assert.Equal(["admin", "made"], await fresh.ListAsync<string>("select id from api_keys order by id"));
        Assert.Equal(1, await fresh.ScalarAsync<long>(
            """
            select count(*) from api_keys
            where id = 'admin' and configured and burst = 9 and scopes = '{catalog:write}' and secret_hash = $1
            """,
            KeyToken.Hash(Secret + "changed")));
    }

    private static ConfiguredKey Key(string id, params string[] scopes) => new() { Token = $"ordk_{id}_{Secret}", Scopes = [.. scopes] };

    private async Task<NpgsqlDataSource> FreshAsync()
    {
        var name = await app.FreshDatabaseAsync("keys");
        return NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(app.DatabaseConnection) { Database = name, Pooling = false });
    }

    private static async Task StoreAsync(NpgsqlDataSource database, ConfiguredKey[] keys, DateTimeOffset now)
    {
        await using var db = new OrdersDbContext(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(database).Options);
        await db.StoreAsync(keys, now, default);
    }

    private static Task<List<string>> RowsAsync(NpgsqlDataSource database) =>
        database.ListAsync<string>("select to_jsonb(k)::text from api_keys k order by id");
}

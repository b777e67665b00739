using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orders.Api.Persistence;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

public sealed class PatientMigrations(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_migration_may_take_longer_than_a_request()
    {
        await using var database = await EmptyDatabase.CreateAsync(app);
        await using var other = await database.Source.OpenConnectionAsync();
        await ExecuteAsync(other, $"select pg_advisory_lock({PersistenceExtensions.MigrationLock})");
        await using var db = new OrdersDbContext(new DbContextOptionsBuilder<OrdersDbContext>()
            .UseNpgsql(database.Connection, options => options.CommandTimeout(1)).Options);

        var migrating = db.ApplyMigrationsAsync(CancellationToken.None);
        await Eventually.Is(async () => migrating.IsCompleted || await database.Source.ScalarAsync<long>(
            "select count(*) from pg_locks where locktype = 'advisory' and not granted and waitstart < now() - interval '2 seconds'") > 0,
            "it has waited for another replica longer than a command may take");
        await ExecuteAsync(other, $"select pg_advisory_unlock({PersistenceExtensions.MigrationLock})");

        await migrating;
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

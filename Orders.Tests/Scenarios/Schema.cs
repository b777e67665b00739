using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orders.Api.Persistence;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

public sealed class Schema(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task The_model_and_the_tables_have_the_same_columns()
    {
        await using var db = new OrdersDbContext(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(app.Database).Options);
        // What the database fills in by itself, EF does not need to know.
        string[] own = ["outbox.position", "outbox.created_at", "discounts.incarnation"];
        var modelled = db.Model.GetRelationalModel()
            .Tables.SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name}")).ToList();
        var tables = db.Model.GetRelationalModel().Tables.Select(table => table.Name).ToArray();

        var stored = await app.Database.ListAsync<string>(
            """
            select table_name || '.' || column_name from information_schema.columns
            where table_schema = 'public' and table_name = any($1)
            """, (object)tables);

        Assert.Equal(stored.Except(own).Order(StringComparer.Ordinal), modelled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Replicas_that_start_together_migrate_once()
    {
        var name = "fresh_" + Guid.NewGuid().ToString("N");
        await using (var create = app.Database.CreateCommand($"create database {name}")) await create.ExecuteNonQueryAsync();
        var connection = new NpgsqlConnectionStringBuilder(app.DatabaseConnection) { Database = name, Pooling = false };
        var options = new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(connection.ConnectionString).Options;

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var db = new OrdersDbContext(options);
            await db.ApplyMigrationsAsync(default);
        }));

        await using var fresh = NpgsqlDataSource.Create(connection);
        await using var model = new OrdersDbContext(options);
        Assert.Equal(
            model.Database.GetMigrations(),
            await fresh.ListAsync<string>("select \"MigrationId\" from \"__EFMigrationsHistory\" order by 1"));
        Assert.Equal(1, await fresh.ScalarAsync<long>("select count(*) from outbox_relay"));
    }
}

using Microsoft.EntityFrameworkCore;
using Orders.Api.Persistence;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

[Collection(ApplicationCollection.Name)]
public sealed class Schema(OrdersApplication app)
{
    [Fact]
    public async Task The_model_and_the_tables_have_the_same_columns()
    {
        await using var db = new OrdersDbContext(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(app.Database).Options);
        // What the database fills in by itself, EF does not need to know.
        string[] own = ["outbox.position", "outbox.created_at"];
        var modelled = db.Model.GetRelationalModel().Tables.SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name}")).ToList();
        var tables = db.Model.GetRelationalModel().Tables.Select(table => table.Name).ToArray();

        var stored = await app.Database.ListAsync<string>(
            "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' and table_name = any($1)", tables);

        Assert.Equal(stored.Except(own).Order(StringComparer.Ordinal), modelled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Starting_again_changes_nothing()
    {
        var applied = await app.Database.ListAsync<string>("select \"MigrationId\" from \"__EFMigrationsHistory\" order by 1");
        Assert.Equal(["0001_initial"], applied);
    }
}

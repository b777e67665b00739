using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orders.Api.Persistence;

namespace Orders.Tests.Support;

/// <summary>
/// Databases of a test's own on the application's server, with the product's schema and nothing in it. They are copies of one that the
/// product has migrated, which is quicker than migrating each.
/// </summary>
internal static class FreshDatabases
{
    private static readonly ConcurrentDictionary<OrdersApplication, Lazy<Task<string>>> Templates = new();

    /// <returns>The new database's name, which begins with <paramref name="prefix"/>.</returns>
    public static async Task<string> FreshDatabaseAsync(this OrdersApplication app, string prefix)
    {
        var template = await Templates.GetOrAdd(app, _ => new Lazy<Task<string>>(() => MigratedAsync(app))).Value;
        var name = $"{prefix}_{Guid.NewGuid():N}";
        await app.ExecuteAsync($"create database {name} template {template}");
        return name;
    }

    public static async Task DropDatabaseAsync(this OrdersApplication app, string name) =>
        await app.ExecuteAsync($"drop database {name} with (force)");

    /// <summary>Nothing stays connected to it: a database that is in use cannot be copied.</summary>
    private static async Task<string> MigratedAsync(OrdersApplication app)
    {
        var name = $"template_{Guid.NewGuid():N}";
        await app.ExecuteAsync($"create database {name}");
        var connection = new NpgsqlConnectionStringBuilder(app.DatabaseConnection) { Database = name, Pooling = false }.ConnectionString;
        await using var db = new OrdersDbContext(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(connection).Options);
        await db.ApplyMigrationsAsync(CancellationToken.None);
        return name;
    }
}

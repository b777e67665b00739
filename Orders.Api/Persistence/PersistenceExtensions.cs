using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Outbox;
using Orders.Contracts;

namespace Orders.Api.Persistence;

internal static class PersistenceExtensions
{
    // Any number that nothing else in this database locks.
    internal const long MigrationLock = 0x4F72646572730001;

    private const int RetriesMax = 6;
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(30);

    /// <summary>What a stopping server says on connections that the pool still holds; the driver does not count it as transient.</summary>
    private static readonly string[] Shutdowns = [PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown];

    public static void AddPersistence(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PersistenceOptions>()
            .BindConfiguration(PersistenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var options = builder.Configuration.GetSection(PersistenceOptions.Section).Get<PersistenceOptions>() ?? new PersistenceOptions();
        builder.AddNpgsqlDbContext<OrdersDbContext>(WireNames.Connections.OrdersDb, settings =>
        {
            settings.CommandTimeout = (int)options.CommandTimeout.TotalSeconds;
            settings.ConnectionString = options.Pooled(settings.ConnectionString, options.EntityPoolSizeMax, prepares: false);
        }, context => context.UseNpgsql(npgsql => npgsql.EnableRetryOnFailure(RetriesMax, RetryDelayMax, Shutdowns)));
        builder.Services.AddSingleton(services => NpgsqlDataSource.Create(
            options.Pooled(
                builder.Configuration.GetConnectionString(WireNames.Connections.OrdersDb), options.OrderPoolSizeMax, prepares: true)
            ?? throw new InvalidOperationException($"there is no connection string '{WireNames.Connections.OrdersDb}'")));
        builder.Services.AddSingleton<OrderStore>();
    }

    /// <summary>Brings the schema up to date before the first request, and makes the outbox's next partitions.</summary>
    public static async Task MigrateAsync(this WebApplication app, CancellationToken cancel = default)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OrdersDbContext>().ApplyMigrationsAsync(cancel);
        var partitions = new OutboxPartitions(
            app.Configuration.GetConnectionString(WireNames.Connections.OrdersDb)!, metrics: null, app.Logger);
        var today = DateOnly.FromDateTime(app.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        await partitions.EnsureAsync(
            today, app.Services.GetRequiredService<IOptions<OutboxOptions>>().Value.PartitionDaysAhead, cancel);
    }

    /// <summary>
    /// Applies what is missing. Replicas that start together take turns; each migration runs once, and however long it takes: a large table
    /// is not rewritten within a request's time.
    /// </summary>
    public static Task ApplyMigrationsAsync(this OrdersDbContext db, CancellationToken cancel) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            db.Database.SetCommandTimeout(0);
            await db.Database.OpenConnectionAsync(token);
            try
            {
                await db.Database.ExecuteSqlAsync($"select pg_advisory_lock({MigrationLock})", token);
                await db.Database.MigrateAsync(token);
            }
            finally
            {
                // Closing would not do: the pool keeps the session and with it the lock.
                await db.Database.ExecuteSqlAsync($"select pg_advisory_unlock({MigrationLock})", CancellationToken.None);
                await db.Database.CloseConnectionAsync();
            }
        }, cancel);
}

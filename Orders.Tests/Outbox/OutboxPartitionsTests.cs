using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Api.Outbox;
using Orders.ServiceDefaults.Freshness;
using Orders.Tests.Support;

namespace Orders.Tests.Outbox;

/// <summary>Days of the outbox come ahead and go when they are published: in a database of their own, which no relay reads.</summary>
public sealed class OutboxPartitionsTests(OrdersApplication app) : ApplicationTests
{
    private static readonly DateOnly Day = new(2001, 2, 3);

    [Fact]
    public async Task A_day_is_dropped_when_all_of_its_events_are_published_and_not_before()
    {
        await using var database = await EmptyDatabase.CreateAsync(app);
        var partitions = Make(database);
        await partitions.EnsureAsync(Day, 2, CancellationToken.None);
        await partitions.EnsureAsync(Day, 2, CancellationToken.None);
        Assert.Equal(["outbox_20010203", "outbox_20010204", "outbox_20010205"], await DaysAsync(database));
        await AddAsync(database, "ord-a", 1, "2001-02-03T00:00:00Z");
        await AddAsync(database, "ord-a", 2, "2001-02-04T23:59:59Z");
        await AddAsync(database, "ord-b", 1, "2001-02-05T10:00:00Z");
        await AddAsync(database, "ord-c", 1, "1999-01-01T10:00:00Z");
        await AddAsync(database, "ord-c", 2, "1999-01-01T11:00:00Z");
        await PublishAsync(database, 1, "ord-a", 1);
        await PublishAsync(database, 2, "ord-c", 1);

        // While a lost slot is still to be replayed from the table, everything stays.
        await partitions.DropAsync(Day.AddDays(2), CancellationToken.None);
        Assert.Equal(3, (await DaysAsync(database)).Count);
        await database.Source.ListAsync<bool>("update outbox_relay set replay_needed = false returning replay_needed");

        await partitions.DropAsync(Day.AddDays(2), CancellationToken.None);

        // The 4th holds an event that was never published, the 5th is not old; so is one of the rows without a day.
        Assert.Equal(["outbox_20010204", "outbox_20010205"], await DaysAsync(database));
        Assert.Equal(["ord-a 2", "ord-b 1", "ord-c 2"], await RowsAsync(database));

        await PublishAsync(database, 3, "ord-a", 2);
        await SetAsideAsync(database, "ord-c", 2, "retried");
        await partitions.DropAsync(Day.AddDays(2), CancellationToken.None);
        Assert.Equal(["ord-b 1", "ord-c 2"], await RowsAsync(database));

        // What is set aside is kept there; what is sent once more is in the table again.
        await SetAsideAsync(database, "ord-c", 2, "open");
        await partitions.DropAsync(Day.AddDays(2), CancellationToken.None);
        Assert.Equal(["outbox_20010205"], await DaysAsync(database));
        Assert.Equal(["ord-b 1"], await RowsAsync(database));
    }

    [Fact]
    public async Task A_drop_does_not_wait_for_somebody_who_holds_the_table()
    {
        await using var database = await EmptyDatabase.CreateAsync(app);
        var partitions = Make(database);
        await partitions.EnsureAsync(Day, 0, CancellationToken.None);
        await database.Source.ListAsync<bool>("update outbox_relay set replay_needed = false returning replay_needed");
        await using (var writer = await database.Source.OpenConnectionAsync())
        {
            await using var transaction = await writer.BeginTransactionAsync();
            await new NpgsqlCommand("lock table outbox in row exclusive mode", writer).ExecuteNonQueryAsync();

            await partitions.DropAsync(Day.AddDays(1), CancellationToken.None);
            Assert.Single(await DaysAsync(database));
        }

        await partitions.DropAsync(Day.AddDays(1), CancellationToken.None);
        Assert.Empty(await DaysAsync(database));
    }

    private static OutboxPartitions Make(EmptyDatabase database)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new OutboxPartitions(database.Connection, new OutboxMetrics(meters, new FreshnessBoard()), NullLogger.Instance);
    }

    private static Task<List<string>> DaysAsync(EmptyDatabase database) => database.Source.ListAsync<string>(
        "select relname::text from pg_class where relname ~ '^outbox_[0-9]+$' and relkind = 'r' order by 1");

    private static Task<List<string>> RowsAsync(EmptyDatabase database) =>
        database.Source.ListAsync<string>("select order_id || ' ' || version from outbox order by 1");

    private static Task AddAsync(EmptyDatabase database, string order, int version, string at) => database.Source.ListAsync<int>(
        "insert into outbox (created_at, order_id, version, type, payload) values ($3::text::timestamptz, $1, $2, 'x', '{}') returning 1",
        order, version, at);

    private static Task SetAsideAsync(EmptyDatabase database, string order, int version, string state) => database.Source.ListAsync<int>(
        """
        insert into outbox_set_aside (id, order_id, version, type, payload, bytes, reason, detail, state, set_aside_at, settled_at)
        values ($1 || '.' || $2, $1, $2, 'x', '{}', 2, 'x', 'x', $3, now(), case when $3 <> 'open' then now() end)
        on conflict (id) do update set state = excluded.state, settled_at = excluded.settled_at returning 1
        """, order, version, state);

    private static Task PublishAsync(EmptyDatabase database, long position, string order, int version) =>
        database.Source.ListAsync<int>(
            """
            insert into order_changes (position, order_id, version, customer_id, type, at)
            values ($1, $2, $3, 'cus-a', 'x', now()) returning 1
            """, position, order, version);
}

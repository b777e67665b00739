using System.Globalization;
using Npgsql;
using OpenTelemetry;

namespace Orders.Api.Outbox;

/// <summary>
/// The days of the outbox table: made ahead, dropped when they are old. A day goes only when the change feed has each of its events, which
/// is written after Kafka has acknowledged them, or the event is set aside, whole: what was never published is never dropped, however old.
/// </summary>
internal sealed partial class OutboxPartitions(string connectionString, OutboxMetrics? metrics, ILogger logger)
{
    /// <summary>Rows that one statement removes from the partition for days that nobody made.</summary>
    private const int RowsMax = 10_000;

    private const string Old = """
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'outbox'::regclass and c.relname ~ '^outbox_[0-9]{8}$' and c.relname < $1 order by 1
        """;

    /// <summary>Makes the partitions of today and the days ahead, by UTC day, where they are missing.</summary>
    public async Task EnsureAsync(DateOnly today, int daysAhead, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = await OpenAsync(cancel);
        for (var day = today; day <= today.AddDays(daysAhead); day = day.AddDays(1))
        {
            // Asked first: creating takes a lock on the table that writers would feel, "if not exists" included.
            if (await ScalarAsync<bool>(connection, $"select to_regclass('{Name(day)}') is not null", cancel)) continue;
            try
            {
                await ExecuteAsync(connection,
                    $"""
                    create table if not exists {Name(day)} partition of outbox
                    for values from ('{day:yyyy-MM-dd}Z') to ('{day.AddDays(1):yyyy-MM-dd}Z')
                    """, cancel);
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.UniqueViolation)
            {
                // The default partition already holds rows of that day (they are relayed from there), or another replica was first.
            }
        }
    }

    /// <summary>Drops the days before <paramref name="oldest"/> whose events are all published.</summary>
    public async Task DropAsync(DateOnly oldest, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = await OpenAsync(cancel);
        // A slot that was lost is replayed from this table.
        if (await ScalarAsync<bool>(connection, "select replay_needed from outbox_relay", cancel)) return;
        foreach (var name in await OldAsync(connection, oldest, cancel))
        {
            if (await ScalarAsync<bool>(connection, $"select exists (select from {name} e where {Unpublished})", cancel))
            {
                metrics?.PartitionKept();
                LogKept(name);
                continue;
            }

            try
            {
                // The lock stops writers: better no drop now than a queue of orders behind it.
                await ExecuteAsync(connection, $"set lock_timeout = '200ms'; drop table {name}; reset lock_timeout", cancel);
                LogDropped(name);
            }
            catch (PostgresException error)
                when (error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UndefinedTable)
            {
                // Again at the next heartbeat, or another replica was first.
            }
        }

        await ExecuteAsync(connection, $"""
            delete from outbox_default where ctid in (
                select e.ctid from outbox_default e where e.created_at < '{oldest:yyyy-MM-dd}Z' and not ({Unpublished}) limit {RowsMax})
            """, cancel);
    }

    private const string Unpublished =
        """
        not exists (select from order_changes c where c.order_id = e.order_id and c.version = e.version)
        and not exists (select from outbox_set_aside a where a.id = e.order_id || '.' || e.version and a.state <> 'retried')
        """;

    private static string Name(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"outbox_{day:yyyyMMdd}");

    private static async Task<List<string>> OldAsync(NpgsqlConnection connection, DateOnly oldest, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Old, connection) { Parameters = { new() { Value = Name(oldest) } } };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var names = new List<string>();
        while (await rows.ReadAsync(cancel)) names.Add(rows.GetString(0));
        return names;
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    [LoggerMessage(LogLevel.Information, "Dropped {Partition}: all of its events are published and past their retention")]
    private partial void LogDropped(string partition);

    [LoggerMessage(LogLevel.Warning, "{Partition} is past its retention and holds events that were never published; it stays")]
    private partial void LogKept(string partition);
}

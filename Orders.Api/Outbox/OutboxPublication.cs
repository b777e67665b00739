using Npgsql;
using OpenTelemetry;
using Orders.Contracts;

namespace Orders.Api.Outbox;

/// <summary>
/// What the slot sends is decided by the publication. PostgreSQL says nothing when it is missing or leaves events out: heartbeats go on and
/// are confirmed past events that were never sent. So it is looked at when a session begins and at each heartbeat. Invariant: what makes
/// it again notes in the same transaction that the table has to be sent, and no event is written meanwhile.
/// </summary>
internal sealed class OutboxPublication(string connectionString)
{
    /// <summary>An SQL expression that is true when every row that is inserted into the outbox is sent, with all of its columns.</summary>
    public const string IsWhole = $"""
        exists (
            select from pg_publication p join pg_publication_tables t using (pubname)
            where p.pubname = '{WireNames.Outbox.Publication}' and p.pubinsert and p.pubviaroot and t.tablename = 'outbox'
                and t.rowfilter is null and cardinality(t.attnames) = (
                    select count(*) from pg_attribute where attrelid = 'outbox'::regclass and attnum > 0 and not attisdropped))
        """;

    // A writer whose row is in the log before the publication, and who commits after the table was read, would be in neither: the lock
    // waits for the writers that are there and keeps new ones out until the commit.
    private const string Mend = $"""
        begin;
        lock table outbox in share row exclusive mode;
        drop publication if exists {WireNames.Outbox.Publication};
        create publication {WireNames.Outbox.Publication} for table outbox with (publish = 'insert', publish_via_partition_root = true);
        update outbox_relay set replay_needed = true;
        commit
        """;

    /// <summary>Makes the publication again if it is missing or leaves something out, and has the table sent.</summary>
    /// <returns>True when that was so.</returns>
    public async Task<bool> MendAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var look = new NpgsqlCommand($"select {IsWhole}", connection);
        if ((bool)(await look.ExecuteScalarAsync(cancel))!) return false;
        await using var mend = new NpgsqlCommand(Mend, connection);
        await mend.ExecuteNonQueryAsync(cancel);
        return true;
    }
}

/// <summary>Events are not sent; the next session mends that.</summary>
internal sealed class PublicationLostException() : Exception(
    $"the publication {WireNames.Outbox.Publication} is missing or incomplete: it is made again and events are sent from the outbox table");

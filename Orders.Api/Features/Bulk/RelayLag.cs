using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Contracts;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// Keeps imports from running away from the relay: what is imported waits in the database's log until Kafka has it, and that is a
/// disk. Asked about once a second of an import, so the bound is kept give or take a second's worth of orders.
/// </summary>
internal sealed class RelayLag(NpgsqlDataSource database, IOptions<BulkOptions> options, TimeProvider time)
{
    private const string SelectLag = $"""
        select coalesce((select pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint
            from pg_replication_slots where slot_name = '{WireNames.Outbox.Slot}' and database = current_database()), 0)
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _asked = long.MinValue;

    /// <summary>Returns when the relay is near enough.</summary>
    /// <exception cref="RelayBehindException">It got nowhere for <see cref="BulkOptions.RelayPatience"/>.</exception>
    public async Task WaitAsync(CancellationToken cancel)
    {
        var asked = Interlocked.Read(ref _asked);
        if (asked != long.MinValue && time.GetElapsedTime(asked) < Interval) return;

        var (least, since) = (long.MaxValue, time.GetTimestamp());
        while (await LagAsync(cancel) is var lag && lag > options.Value.RelayLagBytesMax)
        {
            if (lag < least) (least, since) = (lag, time.GetTimestamp());
            else if (time.GetElapsedTime(since) > options.Value.RelayPatience) throw new RelayBehindException(lag);
            await Task.Delay(Interval, time, cancel);
        }

        Interlocked.Exchange(ref _asked, time.GetTimestamp());
    }

    private async Task<long> LagAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(SelectLag);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}

/// <summary>The relay is too far behind and does not move.</summary>
internal sealed class RelayBehindException(long bytes)
    : Exception(FormattableString.Invariant($"the relay is {bytes} bytes of log behind and does not move"));

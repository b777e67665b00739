using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using OpenTelemetry;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Analytics;

/// <summary>The schema <c>analytics</c>, as the stream writes it: a batch is one statement.</summary>
internal sealed class AnalyticsStore(NpgsqlDataSource database, IOptions<AnalyticsOptions> options)
{
    /// <summary>Raised when the table's offsets are not where the consumer has left them.</summary>
    private const string Moved = "OR010";

    /// <summary>
    /// The next offset of every one of these partitions; 0 for one that nothing was taken from. Blocks, because it is asked for within a
    /// rebalance, on the consumer's own thread.
    /// </summary>
    public Dictionary<int, long> ReadPositions(IReadOnlyCollection<int> partitions)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        using var connection = database.OpenConnection();
        using var command = new NpgsqlCommand(
            """
            with added as (
                insert into analytics.offsets (partition, next) select unnest($1::int[]), 0 on conflict do nothing returning partition, next
            )
            select partition, next from analytics.offsets where partition = any ($1) union all select partition, next from added
            """,
            connection) { CommandTimeout = Seconds(options.Value.PositionsTimeout) };
        command.Parameters.Add(new() { Value = partitions.ToArray() });
        using var rows = command.ExecuteReader();
        var positions = new Dictionary<int, long>();
        while (rows.Read()) positions[rows.GetInt32(0)] = rows.GetInt64(1);
        return positions;
    }

    /// <summary>
    /// Writes a batch and the places after it, or neither.
    /// </summary>
    /// <returns>The ids of the orders that were newer than what was there; none for a batch that had been taken before.</returns>
    /// <exception cref="PositionMovedException">Another consumer has these partitions.</exception>
    public async Task<HashSet<string>> TakeAsync(
        IReadOnlyList<Place> places, IReadOnlyList<StreamEvent> events, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select * from analytics.take($1, $2, $3, $4, $5, $6, $7)");
        command.CommandTimeout = Seconds(options.Value.Timeout);
        var (orders, items) = FactRows.Write(events);
        command.Parameters.Add(new() { Value = places.Select(place => place.Partition).ToArray() });
        command.Parameters.Add(new() { Value = places.Select(place => place.Expected).ToArray() });
        command.Parameters.Add(new() { Value = places.Select(place => place.Following).ToArray() });
        var newest = events.Count == 0 ? (object)DBNull.Value : events.Max(taken => taken.Event.Time).ToUniversalTime();
        command.Parameters.Add(new() { Value = newest, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = orders, NpgsqlDbType = NpgsqlDbType.Json });
        command.Parameters.Add(new() { Value = items, NpgsqlDbType = NpgsqlDbType.Json });
        // An event that is sent to mend a copy is written again although its version is known.
        var again = events.Where(taken => taken.Event.Rebuild is true);
        command.Parameters.Add(new() { Value = again.Select(taken => taken.OrderId).ToArray() });
        try
        {
            var ids = new HashSet<string>(StringComparer.Ordinal);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) ids.Add(rows.GetString(0));
            return ids;
        }
        catch (PostgresException error) when (error.SqlState == Moved)
        {
            throw new PositionMovedException(error.MessageText, error);
        }
    }

    internal static int Seconds(TimeSpan timeout) => (int)Math.Ceiling(timeout.TotalSeconds);
}

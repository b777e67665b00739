using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Jobs;

/// <summary>A job on the wire.</summary>
/// <param name="Id"><c>job-</c> and a UUIDv7.</param>
/// <param name="Kind">What is done, e.g. <c>search-rebuild</c>.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Parameters">What was asked for.</param>
/// <param name="Progress">How far it is; its members depend on the kind.</param>
/// <param name="Result">What came of it; its members depend on the kind.</param>
/// <param name="Error">Why it failed, or why it is tried again.</param>
/// <param name="Attempts">How often an indexer has taken it up.</param>
/// <param name="CreatedBy">The key that asked for it, or who else did.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="StartedAt">When it was first taken up.</param>
/// <param name="FinishedAt">When it ended.</param>
internal sealed record JobState(
    string Id, string Kind, string State, JsonElement Parameters, JsonElement? Progress, JsonElement? Result, string? Error, int Attempts,
    string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

/// <summary>The table of jobs as the api sees it: asking for one, looking, cancelling. The indexers do the work.</summary>
internal sealed class JobStore(NpgsqlDataSource database, IOptions<JobOptions> options, TimeProvider time)
{
    public static readonly string[] States = ["queued", "running", "succeeded", "failed", "cancelled"];

    private const string Columns =
        "id, kind, state, parameters, progress, result, error, attempts, created_by, created_at, started_at, finished_at";

    /// <summary>Taken first, by a statement of its own: the next one sees what others have asked for in the same moment.</summary>
    private const string Alone = "select pg_advisory_xact_lock(hashtext('jobs'), hashtext($1))";

    /// <summary>Who asks for what is waiting already gets that job.</summary>
    private const string Insert = $"""
        with same as (
            select {Columns} from jobs where state = 'queued' and kind = $2 and parameters = $3::jsonb order by created_at limit 1
        ), made as (
            insert into jobs (id, kind, parameters, state, created_by)
            select $1, $2, $3::jsonb, 'queued', $4
            where not exists (select from same) and (select count(*) from jobs where state = 'queued') < $5
            returning {Columns}
        )
        select * from made union all select * from same
        """;

    private const string Page = $"""
        select {Columns} from jobs
        where ($1::text is null or id < $1) and ($2::text is null or kind = $2) and ($3::text is null or state = $3)
        order by id desc limit $4
        """;

    /// <summary>What waits ends at once; what runs is asked to, and ends when its indexer hears of it.</summary>
    private const string CancelOne = $"""
        update jobs set cancel_requested = true, state = case when state = 'queued' then 'cancelled' else state end,
            finished_at = case when state = 'queued' then now() else finished_at end
        where id = $1 and state in ('queued', 'running') returning {Columns}
        """;

    /// <summary>The job, or null when too many are waiting.</summary>
    public async Task<JobState?> AskAsync(string kind, byte[] parameters, string createdBy, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Sql.Command(Alone, Sql.Text(kind)));
        batch.BatchCommands.Add(Sql.Command(
            Insert, Sql.Text("job-" + Guid.CreateVersion7(time.GetUtcNow())), Sql.Text(kind),
            new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = parameters }, Sql.Text(createdBy), Sql.Long(options.Value.QueuedMax)));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        return await rows.ReadAsync(cancel) ? Read(rows) : null;
    }

    public async Task<JobState?> FindAsync(string id, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"select {Columns} from jobs where id = $1");
        command.With(Sql.Text(id));
        return await OneAsync(command, cancel);
    }

    /// <summary>The job as it is then; null when there is none.</summary>
    public async Task<JobState?> CancelAsync(string id, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(CancelOne);
        command.With(Sql.Text(id));
        return await OneAsync(command, cancel) ?? await FindAsync(id, cancel);
    }

    /// <summary>Newest first.</summary>
    public async Task<List<JobState>> ListAsync(string? before, string? kind, string? state, int count, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(Page);
        command.With(Sql.Text(before), Sql.Text(kind), Sql.Text(state), Sql.Whole(count));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var jobs = new List<JobState>();
        while (await rows.ReadAsync(cancel)) jobs.Add(Read(rows));
        return jobs;
    }

    private static async Task<JobState?> OneAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var rows = await command.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel) ? Read(rows) : null;
    }

    private static JobState Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), Json(row, 3)!.Value, Json(row, 4), Json(row, 5), row.TextOrNull(6),
        row.GetInt32(7), row.GetString(8), row.GetFieldValue<DateTimeOffset>(9), Instant(row, 10), Instant(row, 11));

    private static JsonElement? Json(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : JsonSerializer.Deserialize<JsonElement>(row.GetString(column));

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

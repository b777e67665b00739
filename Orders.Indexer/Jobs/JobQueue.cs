using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using OpenTelemetry;

namespace Orders.Indexer.Jobs;

/// <summary>A job that this process works on.</summary>
/// <param name="Id">The job.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Parameters">What is wanted, as JSON.</param>
/// <param name="Progress">What was saved last, as JSON.</param>
/// <param name="Attempt">How often it was taken up, this time included.</param>
/// <param name="Owner">Tells this claim from every other.</param>
/// <param name="IsCancelled">Somebody cancelled it while nobody worked on it.</param>
internal sealed record ClaimedJob(
    string Id, string Kind, string Parameters, string? Progress, int Attempt, string Owner, bool IsCancelled);

/// <summary>
/// The table of jobs as the indexers share it. A claim is a lease: who does not renew it loses the job to the next one who looks.
/// Every statement about a claimed job names the claim, so that a former owner changes nothing. The database's clock decides.
/// </summary>
internal sealed class JobQueue(NpgsqlDataSource database, IOptions<JobOptions> options, TimeProvider time)
{
    private const int RemovedAtOnce = 1000;

    private const string Claim = """
        update jobs set state = 'running', owner = $1, lease_until = now() + $2, started_at = coalesce(started_at, now()),
            attempts = attempts + 1
        where id = (
            select id from jobs j
            where kind = any($3) and (state = 'queued' and due_at <= now() or state = 'running' and lease_until < now())
              and not exists (select from jobs r where r.kind = j.kind and r.state = 'running' and r.id <> j.id)
            order by created_at limit 1 for update skip locked)
        returning id, kind, parameters, progress, attempts, cancel_requested
        """;

    private const string Mine = "where id = $1 and owner = $2 and state = 'running'";

    private const string Schedule = """
        insert into jobs (id, kind, parameters, state, created_by)
        select $1, $2, '{}', 'queued', $3
        where pg_try_advisory_xact_lock(hashtext('jobs'), hashtext($2)) and not exists (
            select from jobs where kind = $2 and (state in ('queued', 'running') or created_at > now() - $4))
        """;

    private readonly JobOptions _options = options.Value;

    /// <summary>Takes up a job of one of these kinds that waits or that its owner has let go; null when there is none.</summary>
    public async Task<ClaimedJob?> ClaimAsync(string[] kinds, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        var owner = Guid.NewGuid().ToString("N");
        await using var command = Command(Claim, owner, _options.Lease, kinds);
        try
        {
            await using var rows = await command.ExecuteReaderAsync(cancel);
            return await rows.ReadAsync(cancel) ? Read(rows, owner) : null;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            // Another process has begun one of this kind in the same moment.
            return null;
        }
    }

    /// <summary>Whether somebody wants the job cancelled.</summary>
    /// <exception cref="JobLostException">It is not this process's any more.</exception>
    public async Task<bool> RenewAsync(ClaimedJob job, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = Command(
            $"update jobs set lease_until = now() + $3 {Mine} returning cancel_requested", job.Id, job.Owner, _options.Lease);
        return await command.ExecuteScalarAsync(cancel) is bool isCancelled ? isCancelled : throw new JobLostException(job.Id);
    }

    /// <exception cref="JobLostException">It is not this process's any more.</exception>
    public async Task SaveAsync(ClaimedJob job, string progress, CancellationToken cancel)
    {
        await using var command = Command(
            $"update jobs set progress = $3, lease_until = now() + $4 {Mine}", job.Id, job.Owner, Json(progress), _options.Lease);
        if (await command.ExecuteNonQueryAsync(cancel) == 0) throw new JobLostException(job.Id);
    }

    /// <param name="job">The claim.</param>
    /// <param name="state"><c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
    /// <param name="result">JSON.</param>
    /// <param name="error">Why it failed.</param>
    /// <param name="cancel">The row may have changed all the same.</param>
    public async Task EndAsync(ClaimedJob job, string state, string? result, string? error, CancellationToken cancel)
    {
        await using var command = Command(
            $"update jobs set state = $3, result = $4, error = $5, finished_at = now(), owner = null, lease_until = null {Mine}",
            job.Id, job.Owner, state, Json(result), Text(error));
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Gives the job back, to be taken up again after a wait; what was saved stays.</summary>
    public async Task ReleaseAsync(ClaimedJob job, TimeSpan wait, string? error, CancellationToken cancel)
    {
        await using var command = Command(
            $"update jobs set state = 'queued', due_at = now() + $3, error = $4, owner = null, lease_until = null {Mine}",
            job.Id, job.Owner, wait, Text(error));
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Queues a job unless one of its kind is open or younger than <paramref name="every"/>.</summary>
    /// <returns>Its id; null when there was no need.</returns>
    public async Task<string?> ScheduleAsync(string kind, TimeSpan every, string by, CancellationToken cancel)
    {
        var id = "job-" + Guid.CreateVersion7(time.GetUtcNow());
        await using var command = Command(Schedule, id, kind, by, every);
        return await command.ExecuteNonQueryAsync(cancel) > 0 ? id : null;
    }

    /// <summary>The newest jobs, as one JSON array.</summary>
    public async Task<string> NewestAsync(int count, CancellationToken cancel)
    {
        await using var command = Command(
            """
            select coalesce(json_agg(j), '[]')::text from (
                select id, kind, state, progress, result, error, created_by, created_at, started_at, finished_at
                from jobs order by id desc limit $1) j
            """, count);
        return (string)(await command.ExecuteScalarAsync(cancel))!;
    }

    public async Task<int> RemoveOldAsync(CancellationToken cancel)
    {
        await using var command = Command(
            "delete from jobs where id in (select id from jobs where finished_at < now() - $1 limit $2 for update skip locked)",
            _options.KeptFor, RemovedAtOnce);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static ClaimedJob Read(NpgsqlDataReader row, string owner) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt32(4), owner,
        row.GetBoolean(5));

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return command;
    }

    private static NpgsqlParameter Json(string? json) => new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = (object?)json ?? DBNull.Value };

    private static NpgsqlParameter Text(string? text) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)text ?? DBNull.Value };
}

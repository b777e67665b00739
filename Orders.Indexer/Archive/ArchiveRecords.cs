using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using OpenTelemetry;

namespace Orders.Indexer.Archive;

/// <summary>
/// Which files the archive has, in the table <c>archive_files</c>: for the catalogue of data and for retention. The archive itself does
/// not need it: every file has its manifest.
/// </summary>
internal sealed class ArchiveRecords(NpgsqlDataSource database, IArchiveStore store, IOptions<ArchiveOptions> options)
{
    public async Task DescribeAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            insert into archive_store (location, retention_days) values ($1, $2)
            on conflict (only_row) do update set location = excluded.location, retention_days = excluded.retention_days
            """);
        command.Parameters.Add(new() { Value = store.Location });
        command.Parameters.Add(new() { Value = options.Value.RetentionDays ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task NoteAsync(IReadOnlyList<ArchiveManifest> files, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            insert into archive_files
            select * from unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::date[], $6::bigint[], $7::bigint[], $8::text[],
                $9::timestamptz[], $10::timestamptz[], $11::timestamptz[])
            on conflict (path) do update set rows = excluded.rows, bytes = excluded.bytes, sha256 = excluded.sha256,
                closed_at = excluded.closed_at
            """);
        var sorted = files.OrderBy(file => file.File, StringComparer.Ordinal).ToList();
        Add(command, sorted, file => file.File);
        Add(command, sorted, file => file.Partition);
        Add(command, sorted, file => file.Window.First);
        Add(command, sorted, file => file.Window.Next);
        Add(command, sorted, file => file.Day);
        Add(command, sorted, file => file.Rows);
        Add(command, sorted, file => file.Bytes);
        Add(command, sorted, file => file.Sha256);
        Add(command, sorted, file => file.FirstEventAt.ToUniversalTime());
        Add(command, sorted, file => file.LastEventAt.ToUniversalTime());
        Add(command, sorted, file => file.CreatedAt.ToUniversalTime());
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>All files by path: the SHA-256 of each.</summary>
    public async Task<Dictionary<string, string>> AllAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = database.CreateCommand("select path, sha256 from archive_files");
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) files[rows.GetString(0)] = rows.GetString(1);
        return files;
    }

    /// <summary>Which of these files were finished, and not let go since.</summary>
    public async Task<HashSet<string>> KnownAsync(IReadOnlyList<string> paths, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = database.CreateCommand("select path from archive_files where path = any ($1)");
        command.Parameters.Add(new() { Value = paths.ToArray() });
        var known = new HashSet<string>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) known.Add(rows.GetString(0));
        return known;
    }

    /// <summary>Some files of days before this one.</summary>
    public async Task<List<string>> BeforeAsync(DateOnly day, int max, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = database.CreateCommand("select path from archive_files where day < $1 order by day limit $2");
        command.Parameters.Add(new() { Value = day });
        command.Parameters.Add(new() { Value = max });
        var paths = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) paths.Add(rows.GetString(0));
        return paths;
    }

    public async Task ForgetAsync(IReadOnlyList<string> paths, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("delete from archive_files where path = any ($1)");
        command.Parameters.Add(new() { Value = paths.ToArray() });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static void Add<T>(NpgsqlCommand command, List<ArchiveManifest> files, Func<ArchiveManifest, T> value) =>
        command.Parameters.Add(new() { Value = files.ConvertAll(file => value(file)).ToArray() });
}

using Microsoft.Extensions.Options;

namespace Orders.Indexer.Archive;

/// <summary>Lets old days go, where a retention is set, and removes what writers that died have left half done.</summary>
internal sealed partial class ArchiveHousekeeping(
    IArchiveStore store, ArchiveRecords records, IndexerMetrics metrics, IOptions<ArchiveOptions> options, TimeProvider time,
    ILogger<ArchiveHousekeeping> logger) : BackgroundService
{
    private const int FilesAtOnce = 100;

    /// <summary>Longer than any writing takes.</summary>
    private TimeSpan LeftBehind => options.Value.Timeout * 2;

    /// <summary>One round. What it removes is gone from the archive first and from the table after.</summary>
    public async Task TidyAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await store.SweepAsync(now - LeftBehind, cancel);
        await RemoveOrphansAsync(now - options.Value.OrphanGrace, cancel);
        if (options.Value.RetentionDays is not { } days) return;
        var oldest = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-days);
        while (await records.BeforeAsync(oldest, FilesAtOnce, cancel) is { Count: > 0 } paths)
        {
            foreach (var path in paths)
            {
                // A manifest without its file would be a fault; a file without its manifest does not count.
                await store.DeleteAsync(ArchiveManifest.PathOf(path), cancel);
                await store.DeleteAsync(path, cancel);
            }

            await records.ForgetAsync(paths, cancel);
            LogLetGo(paths.Count, oldest);
        }
    }

    /// <summary>
    /// Files that a writer which died has left without a manifest; its successor has written the events again. One that is known to have
    /// been finished is no such file: it has lost its manifest, and stays for people to look at.
    /// </summary>
    private async Task RemoveOrphansAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var (data, manifests) = (new List<StoredFile>(), new HashSet<string>(StringComparer.Ordinal));
        await foreach (var file in store.ListAsync("dt=", cancel))
        {
            if (file.Path.EndsWith(ArchiveManifest.ManifestEnd, StringComparison.Ordinal)) manifests.Add(file.Path);
            else if (file.Path.EndsWith(ArchiveManifest.FileEnd, StringComparison.Ordinal) && file.WrittenAt < before) data.Add(file);
        }

        var orphans = data.Select(file => file.Path).Where(path => !manifests.Contains(ArchiveManifest.PathOf(path))).ToList();
        if (orphans.Count == 0) return;
        var known = await records.KnownAsync(orphans, cancel);
        foreach (var path in orphans.Where(path => !known.Contains(path)))
        {
            await store.DeleteAsync(path, cancel);
            metrics.ArchiveOrphan();
            LogOrphan(path);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HousekeepingInterval, time);
        do
        {
            try
            {
                await TidyAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The edge of the loop: the next round tries again.
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Information, "Let {Files} files of days before {Day} go")]
    private partial void LogLetGo(int files, DateOnly day);

    [LoggerMessage(LogLevel.Warning, "Removed {Path}, which has no manifest: its writer died")]
    private partial void LogOrphan(string path);

    [LoggerMessage(LogLevel.Warning, "Tidying the archive failed; the next round tries again")]
    private partial void LogFailed(Exception failure);
}

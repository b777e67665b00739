using Microsoft.Extensions.Options;

namespace Orders.Indexer.Archive;

/// <summary>Lets old days go, where a retention is set, and removes what writers that died have left half done.</summary>
internal sealed partial class ArchiveHousekeeping(
    IArchiveStore store, ArchiveRecords records, IOptions<ArchiveOptions> options, TimeProvider time, ILogger<ArchiveHousekeeping> logger)
    : BackgroundService
{
    private const int FilesAtOnce = 100;

    /// <summary>Longer than any writing takes.</summary>
    private TimeSpan LeftBehind => options.Value.Timeout * 2;

    /// <summary>One round. What it removes is gone from the archive first and from the table after.</summary>
    public async Task TidyAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await store.SweepAsync(now - LeftBehind, cancel);
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

    [LoggerMessage(LogLevel.Warning, "Tidying the archive failed; the next round tries again")]
    private partial void LogFailed(Exception failure);
}

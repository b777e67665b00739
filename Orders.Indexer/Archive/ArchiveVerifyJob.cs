using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Jobs;

namespace Orders.Indexer.Archive;

/// <summary>
/// Reads the whole archive and says what is wrong with it: every file against its manifest, the offsets against each other, and all of it
/// against the table of files that were finished. Mends nothing. Whoever takes it over begins again.
/// </summary>
internal sealed class ArchiveVerifyJob(IArchiveStore store, ArchiveRecords records, IOptions<ArchiveOptions> options, TimeProvider time)
    : IJob
{
    /// <summary>Of problems, and of files without a manifest, that are told by name.</summary>
    private const int ToldMax = 1000;

    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    public string Kind => WireNames.Jobs.ArchiveVerify;

    /// <inheritdoc cref="ArchiveReport"/>
    /// <param name="Clean">Whether there are no problems.</param>
    /// <param name="ProblemsFound">How many problems there are; the first 1000 are told.</param>
    /// <param name="UnfinishedFound">The same of files without a manifest.</param>
    public sealed record Result(
        bool Clean, string Location, long Files, long Rows, long Bytes, IReadOnlyList<ArchivedOffsets> Partitions, long UnfinishedFound,
        IEnumerable<string> Unfinished, long ProblemsFound, IEnumerable<ArchiveProblem> Problems);

    public async Task RunAsync(JobContext job, CancellationToken cancel)
    {
        // Before the files are listed: whatever is noted by now is there.
        var noted = await records.AllAsync(cancel);
        var saved = time.GetTimestamp();
        var keptSince = options.Value.RetentionDays is { } days
            ? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-days) : default;
        var manifests = new Dictionary<string, string>(StringComparer.Ordinal);
        var report = await new ArchiveReader(store).VerifyAsync(cancel, keptSince, async (manifest, progress) =>
        {
            if (manifest is not null) manifests[manifest.File] = manifest.Sha256;
            if (time.GetElapsedTime(saved) < SaveInterval) return;
            saved = time.GetTimestamp();
            await job.SaveAsync(progress, cancel);
        });
        var oldest = FormattableString.Invariant($"dt={keptSince:yyyy-MM-dd}");
        var missing = Against(noted.Where(file => string.CompareOrdinal(file.Key, oldest) >= 0), manifests, report);
        var problems = await StillAsync([.. report.Problems, .. missing], noted, cancel);
        var unfinished = report.Unfinished.Where(path => !noted.ContainsKey(path)).ToList();
        job.SetResult(new Result(
            problems.Count == 0, store.Location, report.Files, report.Rows, report.Bytes, report.Partitions, unfinished.Count,
            unfinished.Take(ToldMax), problems.Count, problems.Take(ToldMax)));
    }

    private static IEnumerable<ArchiveProblem> Against(
        IEnumerable<KeyValuePair<string, string>> noted, Dictionary<string, string> manifests, ArchiveReport report)
    {
        var told = report.Problems.Select(FileOf).ToHashSet(StringComparer.Ordinal);
        var unfinished = report.Unfinished.ToHashSet(StringComparer.Ordinal);
        foreach (var (path, sha256) in noted.OrderBy(file => file.Key, StringComparer.Ordinal).Where(file => !told.Contains(file.Key)))
        {
            if (unfinished.Contains(path)) yield return new(path, "has lost its manifest");
            else if (!manifests.TryGetValue(path, out var found)) yield return new(path, "is missing, and so is its manifest");
            else if (found != sha256) yield return new(path, "has another SHA-256 than was noted when it was finished");
        }
    }

    /// <summary>Without those of files that have been let go meanwhile.</summary>
    private async Task<List<ArchiveProblem>> StillAsync(
        List<ArchiveProblem> problems, Dictionary<string, string> noted, CancellationToken cancel)
    {
        if (problems.Count == 0) return problems;
        var known = await records.KnownAsync([.. problems.Select(FileOf)], cancel);
        return problems.FindAll(problem => known.Contains(FileOf(problem)) || !noted.ContainsKey(FileOf(problem)));
    }

    /// <summary>What is wrong with a manifest is wrong with its file.</summary>
    private static string FileOf(ArchiveProblem problem) => problem.File.EndsWith(ArchiveManifest.ManifestEnd, StringComparison.Ordinal)
        ? problem.File[..^ArchiveManifest.ManifestEnd.Length] + ArchiveManifest.FileEnd : problem.File;
}

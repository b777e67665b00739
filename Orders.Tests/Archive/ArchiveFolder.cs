using Microsoft.Extensions.Options;
using Orders.Indexer.Archive;
using Orders.Indexer.Streams;
using Sample = Orders.Tests.Projections.Sample;

namespace Orders.Tests.Archive;

/// <summary>An archive in a folder of its own, gone afterwards.</summary>
internal sealed class ArchiveFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orders-archive-test-");

    public ArchiveFolder() => Store = new FolderArchive(Options.Create(new ArchiveOptions { Path = _folder.FullName }));

    public FolderArchive Store { get; }

    public string Path => _folder.FullName;

    public Task<ArchiveReport> VerifyAsync() => new ArchiveReader(Store).VerifyAsync(CancellationToken.None);

    /// <summary>Writes a window as the projection does.</summary>
    public Task<List<ArchiveManifest>> WriteAsync(long first, long next, params StreamEvent[] events) =>
        WriteAsync(first, next, events, [.. Enumerable.Range(0, (int)(next - first)).Select(i => first + i)
            .Except(events.Select(taken => taken.Raw.Offset))]);

    /// <summary>As the other, with the offsets of records that are no events.</summary>
    public async Task<List<ArchiveManifest>> WriteAsync(long first, long next, StreamEvent[] events, long[] skipped)
    {
        var files = ArchiveFile.Compose(3, first, next, events, skipped, Sample.Noon).ToList();
        foreach (var file in files)
        {
            await Store.WriteAsync(file.Manifest.File, file.Content, CancellationToken.None);
            await Store.WriteAsync(ArchiveManifest.PathOf(file.Manifest.File), file.Manifest.ToJson(), CancellationToken.None);
        }

        return files.ConvertAll(file => file.Manifest);
    }

    public static StreamEvent Taken(string id, long offset, TimeSpan later = default)
    {
        var told = Sample.Event(id) with { Time = Sample.Noon + later };
        return EventDecoder.Decode(Sample.Raw(told, 3, offset), Sample.Noon, out _)!;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

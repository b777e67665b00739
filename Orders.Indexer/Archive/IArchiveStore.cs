namespace Orders.Indexer.Archive;

/// <summary>
/// Where the archive's files are: a folder or a bucket. Paths are relative, with forward slashes. A file is there whole or not at all.
/// </summary>
internal interface IArchiveStore
{
    /// <summary>For people: the folder, or <c>s3://bucket/prefix</c>.</summary>
    string Location { get; }

    /// <summary>Returns when the file is durable under its name; one that was there is replaced.</summary>
    Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancel);

    /// <summary>All files whose paths begin with a text, sorted by path; what is being written is not among them.</summary>
    IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancel);

    /// <summary>The file's bytes; null when there is none.</summary>
    Task<byte[]?> ReadAsync(string path, CancellationToken cancel);

    /// <summary>A file that is not there is no error.</summary>
    Task DeleteAsync(string path, CancellationToken cancel);

    /// <summary>Removes what writers that died have left half done before an instant.</summary>
    Task SweepAsync(DateTimeOffset before, CancellationToken cancel);
}

/// <param name="Path">Where it is.</param>
/// <param name="WrittenAt">When it was written, by the store's clock.</param>
internal sealed record StoredFile(string Path, DateTimeOffset WrittenAt);

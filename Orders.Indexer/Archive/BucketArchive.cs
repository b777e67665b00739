using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;

namespace Orders.Indexer.Archive;

/// <summary>The archive in an S3 bucket, which shows an object whole or not at all by itself.</summary>
internal sealed class BucketArchive : IArchiveStore, IDisposable
{
    private readonly ArchiveOptions _options;
    private readonly AmazonS3Client _client;

    public BucketArchive(IOptions<ArchiveOptions> options)
    {
        _options = options.Value;
        // The signature covers the whole body already; trailing checksums are what other servers than Amazon's often do not know.
        var config = new AmazonS3Config
        {
            AuthenticationRegion = _options.Region, Timeout = _options.Timeout,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (_options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint;
            // Servers other than Amazon's seldom have a host name for each bucket.
            config.ForcePathStyle = true;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(_options.Region);
        }

        _client = _options is { AccessKey: { } key, SecretKey: { } secret }
            ? new AmazonS3Client(new BasicAWSCredentials(key, secret), config)
            : new AmazonS3Client(config);
    }

    public string Location => $"s3://{_options.Bucket}/{_options.Prefix}";

    public async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        using var body = new MemoryStream(content.ToArray(), writable: false);
        var request = new PutObjectRequest { BucketName = _options.Bucket, Key = Key(path), InputStream = body, UseChunkEncoding = false };
        await _client.PutObjectAsync(request, cancel);
    }

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Keys come sorted by their bytes.
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = Key(prefix) };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request, cancel);
            foreach (var found in page.S3Objects ?? [])
                yield return new StoredFile(found.Key[_options.Prefix.Length..], found.LastModified ?? DateTimeOffset.MaxValue);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated is true);
    }

    public async Task<byte[]?> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            using var reply = await _client.GetObjectAsync(_options.Bucket, Key(path), cancel);
            using var content = new MemoryStream();
            await reply.ResponseStream.CopyToAsync(content, cancel);
            return content.ToArray();
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task DeleteAsync(string path, CancellationToken cancel) => _client.DeleteObjectAsync(_options.Bucket, Key(path), cancel);

    /// <summary>An upload that breaks off leaves nothing.</summary>
    public Task SweepAsync(DateTimeOffset before, CancellationToken cancel) => Task.CompletedTask;

    public void Dispose() => _client.Dispose();

    private string Key(string path) => _options.Prefix + path;
}

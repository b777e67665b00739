using Microsoft.Extensions.Options;
using Orders.Indexer.Archive;
using Sample = Orders.Tests.Projections.Sample;

namespace Orders.Tests.Archive;

[Unit]
public sealed class BucketArchiveTests
{
    [Fact]
    public async Task An_archive_in_a_bucket_is_written_listed_verified_and_removed()
    {
        await using var server = await BucketServer.StartAsync();
        using var store = new BucketArchive(Settings(server, BucketServer.SecretKey));
        foreach (var (first, day) in new[] { (0, 0), (1, 1), (2, 2) })
        {
            var taken = ArchiveFolder.Taken($"ord-{first}", first, TimeSpan.FromDays(day));
            foreach (var file in ArchiveFile.Compose(3, first, first + 1, [taken], [], Sample.Noon))
            {
                await store.WriteAsync(file.Manifest.File, file.Content, CancellationToken.None);
                await store.WriteAsync(ArchiveManifest.PathOf(file.Manifest.File), file.Manifest.ToJson(), CancellationToken.None);
            }
        }

        var report = await new ArchiveReader(store).VerifyAsync(CancellationToken.None);

        Assert.Empty(report.Problems);
        Assert.Equal((3, 3, 0), (report.Files, report.Rows, report.Unfinished.Count));
        Assert.All(server.Objects.Keys, key => Assert.StartsWith("kept/dt=2026-11-2", key, StringComparison.Ordinal));
        var spoilt = server.Objects.Keys.Order(StringComparer.Ordinal).First(key => key.EndsWith(".gz", StringComparison.Ordinal));
        server.Objects[spoilt][^1] ^= 1;
        var problem = Assert.Single((await new ArchiveReader(store).VerifyAsync(CancellationToken.None)).Problems);
        Assert.Equal(("kept/" + problem.File, "has another SHA-256 than its manifest says"), (spoilt, problem.Reason));
        await foreach (var file in store.ListAsync("dt=", CancellationToken.None)) Assert.Equal(BucketServer.WrittenAt, file.WrittenAt);
        Assert.Null(await store.ReadAsync("dt=2026-11-21/none", CancellationToken.None));
        foreach (var key in server.Objects.Keys) await store.DeleteAsync(key["kept/".Length..], CancellationToken.None);
        Assert.Empty(server.Objects);
        Assert.Equal(0, server.Refused);
        Assert.Equal($"s3://{BucketServer.Bucket}/kept/", store.Location);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_nothing_is_written()
    {
        await using var server = await BucketServer.StartAsync();
        using var store = new BucketArchive(Settings(server, "another secret"));

        await Assert.ThrowsAnyAsync<Exception>(() => store.WriteAsync("dt=2026-11-21/x", "x"u8.ToArray(), CancellationToken.None));

        Assert.Empty(server.Objects);
        Assert.True(server.Refused > 0);
    }

    private static IOptions<ArchiveOptions> Settings(BucketServer server, string secret) => Options.Create(new ArchiveOptions
    {
        Bucket = BucketServer.Bucket, Prefix = "kept/", Endpoint = server.Address, Region = BucketServer.RegionName,
        AccessKey = BucketServer.AccessKey, SecretKey = secret, Timeout = TimeSpan.FromSeconds(10),
    });
}

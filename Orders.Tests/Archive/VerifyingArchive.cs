using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Indexer;
using Orders.Indexer.Archive;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Freshness;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Archive;

/// <summary>The archive of the running indexers, checked by the job.</summary>
public sealed class VerifyingArchive(OrdersApplication app) : StormTests
{
    private const string Verify = "/v1/admin/archive/verify";

    [Fact]
    public async Task A_clean_archive_is_clean_and_whatever_is_done_to_it_is_told_by_name()
    {
        var files = await FilesAsync(4);
        var clean = await app.RunAsync(Verify);
        Assert.True(clean.GetProperty("clean").GetBoolean(), clean.ToString());
        Assert.Equal(0, clean.GetProperty("problems_found").GetInt64());
        Assert.InRange(clean.GetProperty("files").GetInt64(), files.Count, long.MaxValue);
        Assert.Equal(app.ArchivePath, clean.GetProperty("location").GetString());
        await AssertCoversAsync(clean);

        var damage = new Damage(app.ArchivePath);
        try
        {
            damage.Flip(files[0]);
            damage.Remove(files[1]);
            damage.Remove(ArchiveManifest.PathOf(files[2]));
            damage.Remove(files[3]);
            damage.Remove(ArchiveManifest.PathOf(files[3]));
            var spoilt = await app.RunAsync(Verify);

            Assert.False(spoilt.GetProperty("clean").GetBoolean());
            Assert.Equal("has another SHA-256 than its manifest says", Reason(spoilt, files[0]));
            Assert.Equal("is missing", Reason(spoilt, files[1]));
            Assert.Equal("has lost its manifest", Reason(spoilt, files[2]));
            Assert.Equal("is missing, and so is its manifest", Reason(spoilt, files[3]));
        }
        finally
        {
            damage.Undo();
        }

        Assert.True((await app.RunAsync(Verify)).GetProperty("clean").GetBoolean());
    }

    [Fact]
    public async Task A_file_whose_writer_died_is_told_while_it_is_young_and_removed_when_it_is_old()
    {
        var finished = (await FilesAsync(1))[0];
        var left = $"dt=2026-11-21/events-p999-{Random.Shared.Next():D12}-999999999999.ndjson.gz";
        var damage = new Damage(app.ArchivePath);
        await damage.AddAsync(left);
        try
        {
            var seen = await app.RunAsync(Verify);
            Assert.Contains(left, seen.GetProperty("unfinished").EnumerateArray().Select(file => file.GetString()));
            Assert.True(seen.GetProperty("clean").GetBoolean(), seen.ToString());

            Assert.Equal(0, await TidyAsync());
            Assert.True(damage.IsThere(left));
            // One that has lost its manifest is old too, and known to have been finished.
            damage.Remove(ArchiveManifest.PathOf(finished));
            damage.Age(left, TimeSpan.FromHours(2));
            damage.Age(finished, TimeSpan.FromHours(2));
            Assert.Equal(1, await TidyAsync());

            Assert.False(damage.IsThere(left));
            Assert.True(damage.IsThere(finished));
        }
        finally
        {
            damage.Undo();
        }
    }

    /// <summary>A round of housekeeping in the application's archive: how many files without a manifest it says to have removed.</summary>
    private async Task<long> TidyAsync()
    {
        using var parts = await app.PartsAsync(builder =>
        {
            builder.AddStreams();
            builder.Services.AddSingleton<FreshnessBoard>();
        });
        var options = Options.Create(new ArchiveOptions { Path = app.ArchivePath });
        var store = new FolderArchive(options);
        using var housekeeping = new ArchiveHousekeeping(
            store, new ArchiveRecords(app.Database, store, options), parts.Services.GetRequiredService<IndexerMetrics>(), options,
            TimeProvider.System, NullLogger<ArchiveHousekeeping>.Instance);
        var removed = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "orders.archive.orphans_removed") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => removed += value);
        listener.Start();
        await housekeeping.TidyAsync(CancellationToken.None);
        return removed;
    }

    /// <summary>Files with events that are finished; orders are placed until there are as many.</summary>
    private async Task<List<string>> FilesAsync(int count)
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        return await Eventually.Get(async () =>
        {
            await shop.PlaceAsync((product, 1));
            return await app.Database.ListAsync<string>("select path from archive_files where rows > 0 order by path");
        }, files => files.Count >= count, "files are in the archive");
    }

    private async Task AssertCoversAsync(JsonElement report)
    {
        var noted = await app.Database.ListAsync<string>(
            "select partition || ' from ' || min(first_offset) from archive_files group by partition order by partition");
        Assert.Equal(noted, report.GetProperty("partitions").EnumerateArray()
            .Select(part => $"{part.GetProperty("partition")} from {part.GetProperty("first_offset")}"));
        Assert.All(report.GetProperty("partitions").EnumerateArray(),
            part => Assert.InRange(part.GetProperty("last_offset").GetInt64(), part.GetProperty("first_offset").GetInt64(), long.MaxValue));
    }

    private static string? Reason(JsonElement report, string file)
    {
        var problem = report.GetProperty("problems").EnumerateArray().Single(problem => problem.GetProperty("file").GetString() == file
            && !problem.GetProperty("reason").GetString()!.StartsWith("before it", StringComparison.Ordinal));
        return problem.GetProperty("reason").GetString();
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer;
using Orders.Indexer.Archive;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Freshness;
using Orders.Tests.Support;

namespace Orders.Tests.Archive;

/// <summary>The archive that the running indexers write.</summary>
public sealed class KeepingEvents(OrdersApplication app) : ApplicationTests
{
    private FolderArchive Store => new(Options.Create(new ArchiveOptions { Path = app.ArchivePath }));

    [Fact]
    public async Task Every_version_of_an_order_is_kept_as_it_was_told()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.DeliveredAsync((await shop.AddProductAsync(), 2));

        var told = await app.Database.ListAsync<string>("select payload::text from outbox where order_id = $1 order by version", order.Id);
        var kept = await KeptAsync(shop, found => found.Count >= told.Count);

        Assert.Equal(5, told.Count);
        Assert.Equal(told, kept.Values.Select(line => Encoding.UTF8.GetString(line.Span)));
        var rows = await app.Database.ScalarAsync<long>("select sum(rows)::bigint from archive_files");
        Assert.True(rows >= told.Count, $"{rows} rows are noted");
    }

    [Fact]
    public async Task What_an_event_says_beyond_what_is_known_is_kept_byte_for_byte()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await KeptAsync(shop, found => found.Count == 1);
        var told = await app.Database.ScalarAsync<string>(
            """
            insert into outbox (order_id, version, type, payload)
            select order_id, version, type, (regexp_replace(payload::text, '\}\s*$', '')
                || ', "later" : {"amount":1.500,"text":"\u00e9 \/ ñ", "list":[1e3,null,-0.0]}}')::json
            from outbox where order_id = $1 returning payload::text
            """, order.Id);

        var kept = await KeptAsync(shop, found => found.Values.Any(line => Encoding.UTF8.GetString(line.Span).Contains("later")));

        Assert.Contains(told, kept.Values.Select(line => Encoding.UTF8.GetString(line.Span)));
    }

    [Fact]
    public async Task Days_beyond_the_retention_leave_the_folder_and_the_table()
    {
        using var archive = new ArchiveFolder();
        // The running indexers tidy the application's own table.
        await using var database = await EmptyDatabase.CreateAsync(app);
        var options = Options.Create(new ArchiveOptions { Path = archive.Path, RetentionDays = 30 });
        var records = new ArchiveRecords(database.Source, archive.Store, options);
        var now = TimeProvider.System.GetUtcNow();
        var events = new[] { -40, -31, -29, 0 }.Select((days, offset) => ArchiveFolder.Taken(
            "ord-" + offset, offset, now.AddDays(days) - Projections.Sample.Noon)).ToArray();
        var manifests = await archive.WriteAsync(0, 4, events);
        await records.NoteAsync(manifests, CancellationToken.None);

        using var parts = await app.PartsAsync(builder =>
        {
            builder.AddStreams();
            builder.Services.AddSingleton<FreshnessBoard>();
        });
        using var housekeeping = new ArchiveHousekeeping(
            archive.Store, records, parts.Services.GetRequiredService<IndexerMetrics>(), options, TimeProvider.System,
            NullLogger<ArchiveHousekeeping>.Instance);
        await housekeeping.TidyAsync(CancellationToken.None);

        var report = await archive.VerifyAsync();
        Assert.Empty(report.Problems);
        Assert.Equal((2, 0), (report.Files, report.Unfinished.Count));
        Assert.Equal(2, await database.Source.ScalarAsync<long>("select count(*) from archive_files"));
    }

    /// <summary>What the archive holds of a shop's customer: event id and line, sorted, once there is as much as is wanted.</summary>
    private Task<SortedDictionary<string, ReadOnlyMemory<byte>>> KeptAsync(
        Shop shop, Func<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>, bool> wanted) =>
        Eventually.Get(async () =>
        {
            var kept = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
            var mark = Encoding.UTF8.GetBytes(shop.CustomerId);
            await foreach (var line in new ArchiveReader(Store).ReadAsync(CancellationToken.None))
            {
                if (line.Span.IndexOf(mark) < 0) continue;
                kept[JsonSerializer.Deserialize(line.Span, OrdersJson.Default.OrderEvent)!.Id] = line;
            }

            return kept;
        }, wanted, "the events are in the archive", TimeSpan.FromMinutes(2));
}

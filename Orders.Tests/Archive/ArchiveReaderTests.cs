using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Contracts;
using Orders.Indexer.Archive;
using Orders.Indexer.Streams;
using Sample = Orders.Tests.Projections.Sample;

namespace Orders.Tests.Archive;

[Unit]
public sealed class ArchiveReaderTests
{
    [Fact]
    public async Task What_was_written_reads_back_byte_for_byte_by_day()
    {
        using var archive = new ArchiveFolder();
        var (first, tomorrow, second) = (
            ArchiveFolder.Taken("ord-1", 10), ArchiveFolder.Taken("ord-2", 11, TimeSpan.FromHours(12)), ArchiveFolder.Taken("ord-3", 12));

        var manifests = await archive.WriteAsync(10, 13, second, tomorrow, first);

        Assert.Equal(
            ["dt=2026-11-21", "dt=2026-11-22"],
            manifests.Select(manifest => manifest.File.Replace("/events-p003-000000000010-000000000013.ndjson.gz", "",
                StringComparison.Ordinal)));
        Assert.Equal((10, 12, 2), (manifests[0].FirstOffset, manifests[0].LastOffset, manifests[0].Rows));
        var lines = new List<string>();
        await foreach (var line in new ArchiveReader(archive.Store).ReadAsync(CancellationToken.None))
            lines.Add(Encoding.UTF8.GetString(line.Span));
        Assert.Equal(new[] { first, second, tomorrow }.Select(taken => Encoding.UTF8.GetString(taken.Raw.Value!)), lines);
        var report = await archive.VerifyAsync();
        Assert.Empty(report.Problems);
        Assert.Equal((2, 3, 0), (report.Files, report.Rows, report.Unfinished.Count));
        Assert.Equal([new ArchivedOffsets(3, 10, 12)], report.Partitions);
    }

    [Fact]
    public async Task Windows_that_overlap_or_come_twice_are_no_fault_and_a_hole_between_them_is()
    {
        using var archive = new ArchiveFolder();
        await archive.WriteAsync(0, 2, ArchiveFolder.Taken("ord-1", 0), ArchiveFolder.Taken("ord-2", 1));
        await archive.WriteAsync(0, 3, ArchiveFolder.Taken("ord-1", 0), ArchiveFolder.Taken("ord-2", 1), ArchiveFolder.Taken("ord-3", 2));
        await archive.WriteAsync(0, 3, ArchiveFolder.Taken("ord-1", 0), ArchiveFolder.Taken("ord-2", 1), ArchiveFolder.Taken("ord-3", 2));
        await archive.WriteAsync(3, 4);
        var whole = await archive.VerifyAsync();

        await archive.WriteAsync(6, 7, ArchiveFolder.Taken("ord-7", 6));
        var holed = await archive.VerifyAsync();

        Assert.Empty(whole.Problems);
        Assert.Equal((3, 5), (whole.Files, whole.Rows));
        Assert.Equal(
            [new ArchiveProblem(
                "dt=2026-11-21/events-p003-000000000006-000000000007.ndjson.gz", "before it offsets 4 to 5 of partition 3 are missing")],
            holed.Problems);
    }

    [Theory]
    [InlineData("flip", "another SHA-256")]
    [InlineData("cut", "bytes, not")]
    [InlineData("remove", "is missing")]
    [InlineData("manifest", "has no manifest")]
    [InlineData("nonsense", "JSON deserialization for type")]
    public async Task Whatever_is_done_to_a_file_is_found(string damage, string found)
    {
        using var archive = new ArchiveFolder();
        var manifests = await archive.WriteAsync(
            0, 2, ArchiveFolder.Taken("ord-1", 0), ArchiveFolder.Taken("ord-2", 1, TimeSpan.FromHours(12)));
        var path = Path.Combine(archive.Path, manifests[1].File);
        var manifest = Path.Combine(archive.Path, ArchiveManifest.PathOf(manifests[1].File));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        if (damage == "flip") await File.WriteAllBytesAsync(path, bytes);
        if (damage == "cut") await File.WriteAllBytesAsync(path, bytes[..^5]);
        if (damage == "remove") File.Delete(path);
        if (damage == "manifest") File.Delete(manifest);
        if (damage == "nonsense") await File.WriteAllTextAsync(manifest, "{}");

        var report = await archive.VerifyAsync();

        var problem = report.Problems[0];
        Assert.Contains(found, problem.Reason, StringComparison.Ordinal);
        Assert.Equal(damage == "nonsense" ? ArchiveManifest.PathOf(manifests[1].File) : manifests[1].File, problem.File);
        Assert.Equal(damage == "manifest" ? [manifests[1].File] : [], report.Unfinished);
    }

    [Fact]
    public async Task Offsets_that_have_no_row_are_named_and_records_that_are_no_events_are_none_of_them()
    {
        using var archive = new ArchiveFolder();
        var whole = await archive.WriteAsync(0, 3, [ArchiveFolder.Taken("ord-1", 0), ArchiveFolder.Taken("ord-1", 2)], [1]);
        Assert.Empty((await archive.VerifyAsync()).Problems);
        var torn = await archive.WriteAsync(3, 10, [ArchiveFolder.Taken("ord-2", 4), ArchiveFolder.Taken("ord-3", 7)], [8]);

        var problems = (await archive.VerifyAsync()).Problems;

        Assert.Equal(["3-3", "5-6", "9-9"], torn[0].Window.Missing!);
        Assert.Null(whole[0].Window.Missing);
        Assert.Equal(
            [
                (torn[0].File, "offsets 3-3 of partition 3 were not delivered when it was written"),
                (torn[0].File, "offsets 5-6 of partition 3 were not delivered when it was written"),
                (torn[0].File, "offsets 9-9 of partition 3 were not delivered when it was written"),
            ],
            problems.Select(problem => (problem.File, problem.Reason)));
    }

    [Fact]
    public async Task A_window_with_fewer_rows_than_offsets_is_told()
    {
        using var archive = new ArchiveFolder();
        var manifest = (await archive.WriteAsync(0, 2, ArchiveFolder.Taken("ord-1", 0), ArchiveFolder.Taken("ord-1", 1)))[0];
        var file = ArchiveFile.Compose(3, 0, 2, [ArchiveFolder.Taken("ord-1", 0)], [], Sample.Noon).Single();
        // As a writer would have it that swallows a repeat and does not say so.
        var silent = file.Manifest with { Window = manifest.Window };
        await archive.Store.WriteAsync(silent.File, file.Content, CancellationToken.None);
        await archive.Store.WriteAsync(ArchiveManifest.PathOf(silent.File), silent.ToJson(), CancellationToken.None);

        var problem = Assert.Single((await archive.VerifyAsync()).Problems);
        Assert.Equal(silent.File, problem.File);
        Assert.Equal("offsets 0 to 1 of partition 3 have 1 rows and records that are no events, not 2", problem.Reason);
    }

    [Fact]
    public async Task A_window_that_was_written_before_anybody_kept_account_says_nothing_about_its_rows()
    {
        using var archive = new ArchiveFolder();
        var file = ArchiveFile.Compose(3, 0, 5, [ArchiveFolder.Taken("ord-1", 0)], [], Sample.Noon).Single();
        var old = file.Manifest with { Window = file.Manifest.Window with { Skipped = null, Missing = null } };
        await archive.Store.WriteAsync(old.File, file.Content, CancellationToken.None);
        await archive.Store.WriteAsync(ArchiveManifest.PathOf(old.File), old.ToJson(), CancellationToken.None);

        Assert.Empty((await archive.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task An_event_of_several_lines_becomes_one_that_means_the_same()
    {
        using var archive = new ArchiveFolder();
        var indented = JsonNode.Parse(Sample.Bytes(Sample.Event()))!
            .ToJsonString(new JsonSerializerOptions { WriteIndented = true }).Replace("\n", "\r\n", StringComparison.Ordinal);
        var taken = EventDecoder.Decode(new RawEvent(3, 0, null, Encoding.UTF8.GetBytes(indented)), Sample.Noon, out _)!;

        await archive.WriteAsync(0, 1, taken);

        Assert.Empty((await archive.VerifyAsync()).Problems);
        var lines = new List<ReadOnlyMemory<byte>>();
        await foreach (var read in new ArchiveReader(archive.Store).ReadAsync(CancellationToken.None)) lines.Add(read);
        var line = Assert.Single(lines);
        var told = JsonSerializer.Deserialize(line.Span, OrdersJson.Default.OrderEvent)!;
        Assert.Equal(Sample.Bytes(Sample.Event()), Sample.Bytes(told));
    }

    [Fact]
    public async Task Fields_that_nobody_knows_yet_survive_byte_for_byte()
    {
        using var archive = new ArchiveFolder();
        var known = Encoding.UTF8.GetString(Sample.Bytes(Sample.Event()));
        var text = known.Insert(known.Length - 2, """,  "later":{"amount":1.500,"text":"\u00e9 \/ ñ","list":[1e3,null,-0.0]}""")
            .Insert(1, "\"extension\" :\t[ true ],");
        var taken = EventDecoder.Decode(new RawEvent(3, 0, null, Encoding.UTF8.GetBytes(text)), Sample.Noon, out var refused);
        Assert.True(taken is not null, refused?.Detail);

        await archive.WriteAsync(0, 1, taken);

        Assert.Empty((await archive.VerifyAsync()).Problems);
        var lines = new List<string>();
        await foreach (var read in new ArchiveReader(archive.Store).ReadAsync(CancellationToken.None))
            lines.Add(Encoding.UTF8.GetString(read.Span));
        Assert.Equal([text], lines);
    }

    [Fact]
    public async Task What_a_dead_writer_left_aside_is_never_shown_and_is_swept_away()
    {
        using var archive = new ArchiveFolder();
        await archive.WriteAsync(0, 1, ArchiveFolder.Taken("ord-1", 0));
        var left = Path.Combine(archive.Path, "dt=2026-11-21", "events-p003-000000000001-000000000002.ndjson.gz.abc.tmp");
        await File.WriteAllTextAsync(left, "half");

        var report = await archive.VerifyAsync();
        await archive.Store.SweepAsync(TimeProvider.System.GetUtcNow().AddHours(-1), CancellationToken.None);
        var young = File.Exists(left);
        await archive.Store.SweepAsync(TimeProvider.System.GetUtcNow().AddHours(1), CancellationToken.None);

        Assert.Equal((1, 0), (report.Files, report.Unfinished.Count));
        Assert.Empty(report.Problems);
        Assert.True(young);
        Assert.False(File.Exists(left));
        Assert.Equal(1, (await archive.VerifyAsync()).Files);
    }
}

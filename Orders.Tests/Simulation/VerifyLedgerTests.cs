using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Orders.Simulator.Tables;
using Orders.Simulator.Verification;

namespace Orders.Tests.Simulation;

/// <summary>A ledger is read after the process that wrote it has died at any moment.</summary>
[Unit]
public sealed class VerifyLedgerTests : IDisposable
{
    private static readonly VerifyPlan Plan = new("http://shop.example/", 42, "one", 0.5, "{}");
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("orders-ledger-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_beginning_of_a_ledger_says_what_its_whole_lines_say()
    {
        var records = Records();
        var lines = records.Select(LedgerLine.Write).ToList();
        var bytes = lines.SelectMany(line => line).ToArray();
        for (var (length, whole, end) = (0, 0, 0); length <= bytes.Length; length++)
        {
            if (whole < lines.Count && length == end + lines[whole].Length) end += lines[whole++].Length;

            var content = await ReadAsync(bytes[..length]);

            Assert.Equal(end, content.Length);
            Assert.Equal(Said(records.Take(whole)), Said(content));
        }
    }

    [Fact]
    public void Any_byte_of_a_whole_line_that_is_another_is_damage_that_names_its_line() => Prop.ForAll(
        (from byteNumber in Gen.Choose(0, 1_000_000) from bits in Gen.Choose(1, 255) select (byteNumber, bits)).ToArbitrary(), drawn =>
        {
            var lines = Records().Select(LedgerLine.Write).ToList();
            var bytes = lines.SelectMany(line => line).ToArray();
            var place = drawn.byteNumber % bytes.Length;
            var line = bytes.Take(place).Count(value => value == '\n') + 1;
            bytes[place] ^= (byte)drawn.bits;
            // A line whose end is gone goes on in the next one; the last one is then torn.
            if (place == bytes.Length - 1) return;

            var error = Assert.Throws<IOException>(() => ReadAsync(bytes).GetAwaiter().GetResult());

            Assert.Contains(FormattableString.Invariant($"the ledger, line {line}:"), error.Message, StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Lines_in_another_order_or_twice_are_damage()
    {
        var records = Records();
        var head = records.TakeWhile(record => record.Intent is null).ToList();
        LedgerRecord[] rest = [.. records.Skip(head.Count)];
        IEnumerable<LedgerRecord>[] wrong =
        [
            [.. records, records[^1]], [.. head, rest[2]], [.. head, rest[0], rest[0]], [.. head.Skip(1)], [.. head, head[1]],
            [head[0], head[0]], [.. head.SkipLast(1), rest[0]], [.. head.SkipLast(2), head[^1]],
            [.. head, new LedgerRecord { Intent = new LedgerIntent(0, 1, "k", "/", null) }],
            [.. head, new LedgerRecord { Intent = new LedgerIntent(VerifyPlan.OrdersMax, 0, "k", "/", null) }],
            [.. head, new LedgerRecord()],
        ];
        foreach (var sequence in wrong)
            await Assert.ThrowsAsync<IOException>(() => ReadAsync([.. sequence.SelectMany(LedgerLine.Write)]));
    }

    [Fact]
    public async Task Records_of_many_writers_come_to_disk_in_the_order_of_each_with_few_flushes()
    {
        const int writers = 64, orders = 20;
        var file = new FileInfo(Path.Combine(_folder, "ledger.ndjson"));
        long flushes;
        await using (var writer = LedgerWriter.Open(file, 0))
        {
            await VerifyLedger.BeginAsync(writer, Plan, Shop(), Now);
            var ledger = new VerifyLedger(new LedgerContent(Plan, Shop(), new VerifyBook(), [], [], 0), writer);
            await Task.WhenAll(Enumerable.Range(0, writers).Select(async first =>
            {
                for (var order = first; order < writers * orders; order += writers)
                {
                    await ledger.IntendAsync(new LedgerIntent(order, 0, $"key/{order}", "/v1/orders", "{}"));
                    // On disk before it may be sent.
                    Assert.Contains($"\"key/{order}\"", await TextAsync(file), StringComparison.Ordinal);
                    Assert.True(await ledger.DoneAsync(Done(order, 0)));
                }
            }));
            flushes = writer.Flushes;
        }

        var content = await LedgerReader.ReadAsync(file, CancellationToken.None);
        Assert.Equal((writers * orders, 0), (content!.Book.Totals.Acknowledged, content.Open.Count));
        Assert.InRange(flushes, 1, writers * orders / 2);
    }

    [Fact]
    public void An_order_is_kept_in_few_bytes() => Assert.InRange(Unsafe.SizeOf<BookEntry>(), 1, 64);

    [Fact]
    public async Task A_torn_line_is_taken_off_before_anything_is_written()
    {
        var file = new FileInfo(Path.Combine(_folder, "torn.ndjson"));
        var records = Records();
        var whole = records.SkipLast(1).SelectMany(LedgerLine.Write).ToArray();
        await File.WriteAllBytesAsync(file.FullName, [.. whole, .. LedgerLine.Write(records[^1])[..25]]);
        var torn = await LedgerReader.ReadAsync(file, CancellationToken.None);

        await using (var writer = LedgerWriter.Open(file, torn!.Length)) await writer.WriteDurablyAsync(records[^1]);

        byte[] wanted = [.. whole, .. LedgerLine.Write(records[^1])];
        Assert.Equal(wanted, await File.ReadAllBytesAsync(file.FullName));
    }

    private static Task<LedgerContent> ReadAsync(byte[] bytes) =>
        new LedgerReader("the ledger").ReadAsync(new MemoryStream(bytes), CancellationToken.None);

    /// <summary>What follows from records, counted in a simpler way than the reader does.</summary>
    private static string Said(IEnumerable<LedgerRecord> records)
    {
        var all = records.ToList();
        if (!all.Exists(record => record.Ready is not null)) return "nothing";
        var done = all.Select(record => record.Done).OfType<LedgerDone>().ToList();
        var ended = done.Select(one => (one.Order, one.Step))
            .Concat(all.Select(record => record.Refused).OfType<LedgerRefused>().Select(one => (one.Order, one.Step))).ToHashSet();
        var open = all.Select(record => record.Intent).OfType<LedgerIntent>().Where(intent => !ended.Contains((intent.Order, intent.Step)));
        return string.Join(' ', Enumerable.Range(0, 4).Select(number =>
            done.FindLast(one => one.Order == number) is { } last ? $"{number}={last.Id}v{last.Step + 1}" : $"{number}=")
            .Concat(open.OrderBy(intent => intent.Order).Select(intent => intent.ToString())));
    }

    private static string Said(LedgerContent content) => content.Plan is null ? "nothing" : string.Join(' ', Enumerable.Range(0, 4)
        .Select(number => content.Book[number] is { Exists: true } known ? $"{number}={known.OrderId}v{known.Version}" : $"{number}=")
        .Concat(content.Open.Values.OrderBy(intent => intent.Order).Select(intent => intent.ToString())));

    private static async Task<string> TextAsync(FileInfo file)
    {
        await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static SimulatedTables Shop() => SimulatedTables.Generate(42, 1, 1, 1);

    private static LedgerDone Done(int order, int step) => new(
        order, step, FormattableString.Invariant($"ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d{order:x4}"), step == 0 ? "K7Q2-M4XP" : null,
        Now.AddSeconds(step));

    private static List<LedgerRecord> Records()
    {
        var shop = Shop();
        return
        [
            new() { Begin = new LedgerBegin(1, Plan, Now) }, new() { Customer = shop.Customers[0] }, new() { Address = shop.Addresses[0] },
            new() { Product = shop.Products[0] }, new() { Ready = new LedgerReady(3) },
            Intent(0, 0), Intent(1, 0), new() { Done = Done(0, 0) }, Intent(2, 0), new() { Unknown = new LedgerUnknown(2, 0, "no reply") },
            Intent(0, 1), new() { Refused = new LedgerRefused(1, 0, "409 out_of_stock") }, new() { Done = Done(2, 0) },
            new() { Done = Done(0, 1) }, Intent(3, 0),
        ];

        static LedgerRecord Intent(int order, int step) => new()
        {
            Intent = new LedgerIntent(order, step, $"verify/42/one/{order}/{step}", "/v1/orders", "{\"name\":\"Núñez \\\"x\\\"\"}"),
        };
    }
}

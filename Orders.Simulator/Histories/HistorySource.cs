using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Orders.Contracts;
using Orders.Simulator.Calendars;
using Orders.Simulator.Model;
using Orders.Simulator.Profiles;

namespace Orders.Simulator.Histories;

/// <summary>
/// The lines of a history. Line n is a function of plan, tables and profile: any of them can be made again, so nothing has to be kept
/// to send it again.
/// </summary>
internal sealed class HistorySource
{
    private const int ChunkBytes = 64 << 10;
    private const int SampleLines = 64;

    private static readonly JsonWriterOptions Format = new() { Encoder = OrdersJson.Encoder, SkipValidation = true };

    private readonly OrderGenerator _generator;
    private readonly OrderLine _line;

    public HistorySource(HistoryPlan plan, ShopData shop, Profile profile)
    {
        Plan = plan;
        var span = new CalendarSpan(new ShopCalendar(profile.Calendar), plan.Begin, plan.End);
        _generator = new OrderGenerator(plan.Seed, plan.Run, shop, profile, span, plan.Orders);
        _line = new OrderLine(profile.Shipping.Currency, plan.Now);
    }

    public HistoryPlan Plan { get; }

    public SimulatedOrder At(long number) => _generator.At(number);

    /// <summary>Writes <paramref name="count"/> lines from <paramref name="first"/> on; holds one chunk of them.</summary>
    /// <param name="into">Where they go.</param>
    /// <param name="first">Number of the first order.</param>
    /// <param name="count">How many.</param>
    /// <param name="written">Called with the number of the order after those that went out.</param>
    /// <param name="cancel">Ends it between two chunks.</param>
    public async Task WriteAsync(Stream into, long first, long count, Action<long> written, CancellationToken cancel)
    {
        var chunk = new ArrayBufferWriter<byte>(ChunkBytes * 2);
        await using var json = new Utf8JsonWriter(chunk, Format);
        for (var number = first; number < first + count; number++)
        {
            Add(json, chunk, number);
            if (chunk.WrittenCount < ChunkBytes && number < first + count - 1) continue;
            await into.WriteAsync(chunk.WrittenMemory, cancel);
            chunk.ResetWrittenCount();
            written(number + 1);
        }
    }

    /// <summary>A hash of some lines all over the history: another plan, other tables or another profile have another.</summary>
    public string Fingerprint()
    {
        var chunk = new ArrayBufferWriter<byte>(ChunkBytes);
        using var json = new Utf8JsonWriter(chunk, Format);
        var lines = Math.Min(SampleLines, Plan.Orders);
        for (var i = 0L; i < lines; i++) Add(json, chunk, i * Plan.Orders / lines);
        return Convert.ToHexStringLower(SHA256.HashData(chunk.WrittenSpan));
    }

    private void Add(Utf8JsonWriter json, ArrayBufferWriter<byte> chunk, long number)
    {
        _line.Write(json, _generator.At(number), Plan.ExternalId(number));
        json.Flush();
        json.Reset();
        chunk.Write("\n"u8);
    }
}

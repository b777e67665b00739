using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Imports;

/// <summary>
/// An NDJSON stream of records, of any length: every line is checked by itself, good ones are stored batch by batch while the rest is
/// still on its way, bad ones are reported. What was stored stays when the stream breaks; the same stream sent again ends in the same
/// rows. Of lines with one id the last wins. Holds one batch and one line.
/// </summary>
internal sealed class StreamImport<T>(ImportTable<T> table, OrdersDbContext db, TimeProvider time, ImportOptions options)
    where T : class
{
    private readonly List<Slot> _batch = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Slot> _uniques = new(StringComparer.Ordinal);
    private int _lines;
    private long _bytes;

    public ImportReport Report { get; } = new(options.RejectedLinesMax);

    /// <summary>The last line whose fate is in <see cref="Report"/> together with that of all lines before it.</summary>
    public long SettledLine { get; private set; }

    public async Task RunAsync(PipeReader source, CancellationToken cancel)
    {
        var last = 0L;
        await foreach (var line in new NdjsonReader(source, options.LineBytesMax).ReadAsync(cancel))
        {
            last = line.Number;
            Read(line);
            if (_lines >= options.BatchLinesMax || _bytes >= options.BatchBytesMax) await StoreAsync(last, cancel);
        }

        await StoreAsync(last, cancel);
    }

    private void Read(NdjsonLine line)
    {
        if (line.Fault is { } fault)
        {
            Report.Reject(line.Number, new FieldError("line", fault));
            return;
        }

        try
        {
            var check = new Check();
            var record = JsonSerializer.Deserialize<T>(line.Json.Span, RequestJson.Options);
            if (record is null) check.Fail("line", "must be an object");
            else table.Validate(record, check, "");
            if (check.Failed) Report.Reject(line.Number, check.Error.Fields);
            else Add(record!, line);
        }
        catch (JsonException error)
        {
            var field = RequestJson.FieldName(error.Path);
            var isNoJson = RequestJson.Reason(error).StartsWith("is not valid JSON", StringComparison.Ordinal);
            var reason = isNoJson
                ? string.Create(CultureInfo.InvariantCulture, $"is not valid JSON (byte {(error.BytePositionInLine ?? 0) + 1})")
                : RequestJson.Reason(error);
            Report.Reject(line.Number, new FieldError(isNoJson || field == "body" ? "line" : field, reason));
        }
    }

    private void Add(T record, NdjsonLine line)
    {
        var key = table.Key(record)!;
        var unique = table.Unique(record);
        if (unique is not null && _uniques.TryGetValue(unique, out var holder) && table.Key(holder.Record) != key)
        {
            Report.Reject(line.Number, new FieldError(table.UniqueField, FormattableString.Invariant($"line {holder.Lines[^1]} has it")));
            return;
        }

        if (_places.TryGetValue(key, out var place))
        {
            if (table.Unique(_batch[place].Record) is { } former) _uniques.Remove(former);
            _batch[place].Record = record;
        }
        else
        {
            place = _places[key] = _batch.Count;
            _batch.Add(new Slot(record));
        }

        _batch[place].Lines.Add(line.Number);
        if (unique is not null) _uniques[unique] = _batch[place];
        _lines++;
        _bytes += line.Json.Length;
    }

    private async Task StoreAsync(long last, CancellationToken cancel)
    {
        if (_batch.Count > 0)
        {
            var records = _batch.ConvertAll(slot => slot.Record);
            Settle(await db.StoreAsync(table, records, allOrNone: false, time.GetUtcNow(), cancel));
        }

        _batch.Clear();
        _places.Clear();
        _uniques.Clear();
        _lines = 0;
        _bytes = 0;
        SettledLine = last;
    }

    private void Settle(IReadOnlyList<int>? refusedPlaces)
    {
        var refused = refusedPlaces?.ToHashSet();
        for (var place = 0; place < _batch.Count; place++)
        {
            var lines = _batch[place].Lines;
            if (refused is not null && !refused.Contains(place))
            {
                Report.Accept(lines.Count);
                continue;
            }

            var error = refused is null ? Contended : table.Refusal;
            Report.Reject(lines[^1], error);
            var reason = string.Create(CultureInfo.InvariantCulture, $"line {lines[^1]} has the same id and was refused");
            foreach (var overtaken in lines.SkipLast(1)) Report.Reject(overtaken, new FieldError("line", reason));
        }
    }

    private static readonly FieldError Contended = new("line", "others kept changing the same records; send it again");

    /// <summary>A record to be stored and the lines that it stood on: the last is its own, those before were overtaken.</summary>
    private sealed class Slot(T record)
    {
        public T Record { get; set; } = record;

        public List<long> Lines { get; } = [];
    }
}

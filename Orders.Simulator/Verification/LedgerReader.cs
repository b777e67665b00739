using Orders.Simulator.Tables;

namespace Orders.Simulator.Verification;

/// <summary>What a ledger says.</summary>
/// <param name="Plan">Null: it ends before the first order could be sent, and says nothing.</param>
/// <param name="Shop">The rows that orders are drawn from.</param>
/// <param name="Open">Requests without an outcome, by number of their order.</param>
/// <param name="Refusals">Why orders were refused, and how often.</param>
/// <param name="Length">Bytes of whole lines; what is behind them is half a line.</param>
internal sealed record LedgerContent(
    VerifyPlan? Plan, SimulatedTables Shop, VerifyBook Book, Dictionary<int, LedgerIntent> Open, Dictionary<string, int> Refusals,
    long Length);

/// <summary>
/// Reads a ledger in one pass. A process that dies leaves whole lines and at most one that is torn at the end: that one was not waited
/// for, so nothing was sent because of it, and it is passed over. Everything else that is not as it was written is an error.
/// </summary>
internal sealed class LedgerReader(string name)
{
    private const int Format = 1;
    private const int LineBytesMax = 1 << 20;

    private readonly List<Customer> _customers = [];
    private readonly List<Address> _addresses = [];
    private readonly List<Product> _products = [];
    private readonly Dictionary<int, LedgerIntent> _open = [];
    private readonly Dictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private readonly VerifyBook _book = new();
    private LedgerBegin? _begin;
    private bool _isReady;
    private long _line;

    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="IOException">A line is damaged, or it is no ledger.</exception>
    public static async Task<LedgerContent?> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        if (!file.Exists) return null;
        await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, useAsync: true);
        return await new LedgerReader(file.ToString()).ReadAsync(stream, cancel);
    }

    /// <exception cref="IOException">A line is damaged, or it is no ledger.</exception>
    public async Task<LedgerContent> ReadAsync(Stream stream, CancellationToken cancel)
    {
        var (buffer, filled, length) = (new byte[64 << 10], 0, 0L);
        while (true)
        {
            if (filled == buffer.Length)
            {
                if (buffer.Length > LineBytesMax) throw Damaged(_line + 1);
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancel);
            if (read == 0) break;
            filled += read;
            var used = Lines(buffer.AsSpan(0, filled));
            length += used;
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }

        CheckTail(buffer.AsSpan(0, filled));
        var shop = new SimulatedTables(_customers, _addresses, _products);
        return new LedgerContent(_isReady ? _begin!.Plan : null, shop, _book, _open, _refusals, length);
    }

    /// <returns>Bytes of whole lines.</returns>
    private int Lines(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        for (int end; (end = bytes[used..].IndexOf((byte)'\n')) >= 0; used += end + 1)
        {
            _line++;
            if (LedgerLine.Read(bytes.Slice(used, end)) is not { } record || !Take(record)) throw Damaged(_line);
        }

        return used;
    }

    /// <summary>A file that is something else would be written over.</summary>
    private void CheckTail(ReadOnlySpan<byte> tail)
    {
        var begin = LedgerLine.Opening[..Math.Min(tail.Length, LedgerLine.Opening.Length)];
        if (_line == 0 && !tail.StartsWith(begin)) throw Damaged(1);
    }

    private bool Take(LedgerRecord record) => record switch
    {
        { Begin: { } begin } => Begin(begin),
        { Customer: { } customer } => Row(_customers, customer),
        { Address: { } address } => Row(_addresses, address),
        { Product: { } product } => Row(_products, product),
        { Ready: { } ready } => Ready(ready),
        _ => _isReady && record switch
        {
            { Intent: { } intent } => Intend(intent),
            { Done: { } done } => _book.Done(done) && _open.Remove(done.Order),
            { Refused: { } refused } => Refuse(refused),
            { Unknown: { } unknown } => _book.Wonder(unknown.Order, unknown.Step),
            _ => false,
        },
    };

    private bool Begin(LedgerBegin begin)
    {
        if (begin.Format != Format)
            throw new IOException($"{name}: is a ledger of format {begin.Format}, and this program knows format {Format}");
        if (_line != 1) return false;
        _begin = begin;
        return true;
    }

    private bool Row<T>(List<T> rows, T row)
    {
        if (_begin is null || _isReady) return false;
        rows.Add(row);
        return true;
    }

    private bool Ready(LedgerReady ready) =>
        _begin is not null && !_isReady && ready.Rows == _customers.Count + _addresses.Count + _products.Count && (_isReady = true);

    private bool Intend(LedgerIntent intent)
    {
        if (!_book.Intend(intent.Order, intent.Step)) return false;
        _open.Add(intent.Order, intent);
        return true;
    }

    private bool Refuse(LedgerRefused refused)
    {
        if (!_book.Refuse(refused.Order, refused.Step)) return false;
        _refusals[refused.Why] = _refusals.GetValueOrDefault(refused.Why) + 1;
        return _open.Remove(refused.Order);
    }

    private IOException Damaged(long line) => new(
        FormattableString.Invariant($"{name}, line {line}: is not as it was written; the ledger proves nothing any more"));
}

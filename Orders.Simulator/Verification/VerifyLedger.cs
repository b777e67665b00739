using Orders.Simulator.Tables;

namespace Orders.Simulator.Verification;

/// <summary>The ledger and what follows from it: whatever is told to one is told to the other.</summary>
/// <param name="content">What it says so far.</param>
/// <param name="writer">Null: nothing is to be written.</param>
internal sealed class VerifyLedger(LedgerContent content, LedgerWriter? writer) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _refusals = new(content.Refusals, StringComparer.Ordinal);

    public VerifyBook Book => content.Book;

    /// <summary>What an earlier session has left open.</summary>
    public IReadOnlyDictionary<int, LedgerIntent> Open => content.Open;

    /// <summary>Why orders were refused, and how often; the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Refusals
    {
        get
        {
            lock (_lock) return [.. _refusals.OrderByDescending(reason => reason.Value)];
        }
    }

    public long Flushes => writer?.Flushes ?? 0;

    /// <summary>Writes what a ledger begins with.</summary>
    public static async Task BeginAsync(LedgerWriter writer, VerifyPlan plan, SimulatedTables shop, DateTimeOffset now)
    {
        await writer.WriteAsync(new LedgerRecord { Begin = new LedgerBegin(1, plan, now) });
        foreach (var customer in shop.Customers) await writer.WriteAsync(new LedgerRecord { Customer = customer });
        foreach (var address in shop.Addresses) await writer.WriteAsync(new LedgerRecord { Address = address });
        foreach (var product in shop.Products) await writer.WriteAsync(new LedgerRecord { Product = product });
        await writer.WriteDurablyAsync(new LedgerRecord
        {
            Ready = new LedgerReady(shop.Customers.Count + shop.Addresses.Count + shop.Products.Count),
        });
    }

    /// <summary>Returns when the request may be sent: it is on disk.</summary>
    public Task IntendAsync(LedgerIntent intent) => Book.Intend(intent.Order, intent.Step)
        ? Writer.WriteDurablyAsync(new LedgerRecord { Intent = intent })
        : throw new InvalidOperationException($"{intent.Key} was intended out of turn");

    /// <returns>False: it is about another order.</returns>
    public async ValueTask<bool> DoneAsync(LedgerDone done)
    {
        if (!Book.Done(done)) return false;
        await Writer.WriteAsync(new LedgerRecord { Done = done });
        return true;
    }

    public async ValueTask RefuseAsync(LedgerIntent intent, string why)
    {
        Book.Refuse(intent.Order, intent.Step);
        lock (_lock) _refusals[why] = _refusals.GetValueOrDefault(why) + 1;
        await Writer.WriteAsync(new LedgerRecord { Refused = new LedgerRefused(intent.Order, intent.Step, why) });
    }

    /// <summary>Nobody knows what came of the request.</summary>
    public async ValueTask WonderAsync(LedgerIntent intent, string why)
    {
        Book.Wonder(intent.Order, intent.Step);
        await Writer.WriteAsync(new LedgerRecord { Unknown = new LedgerUnknown(intent.Order, intent.Step, why) });
    }

    public ValueTask DisposeAsync() => writer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private LedgerWriter Writer => writer ?? throw new InvalidOperationException("the ledger is only read");
}

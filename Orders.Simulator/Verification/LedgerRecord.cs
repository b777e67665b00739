using System.Text.Json.Serialization;
using Orders.Contracts;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Verification;

/// <summary>A line of a ledger: one of these is not null.</summary>
internal sealed record LedgerRecord
{
    /// <summary>The first line.</summary>
    public LedgerBegin? Begin { get; init; }

    /// <summary>A row that orders are drawn from, as it was when the ledger began.</summary>
    public Customer? Customer { get; init; }

    /// <inheritdoc cref="Customer"/>
    public Address? Address { get; init; }

    /// <inheritdoc cref="Customer"/>
    public Product? Product { get; init; }

    /// <summary>Behind the last row: from here on orders.</summary>
    public LedgerReady? Ready { get; init; }

    public LedgerIntent? Intent { get; init; }

    public LedgerDone? Done { get; init; }

    public LedgerRefused? Refused { get; init; }

    public LedgerUnknown? Unknown { get; init; }
}

/// <param name="Format">1.</param>
internal sealed record LedgerBegin(int Format, VerifyPlan Plan, DateTimeOffset At);

/// <param name="Rows">How many came before.</param>
internal sealed record LedgerReady(int Rows);

/// <summary>A request, on disk before it is sent, with all that it takes to send the very same once more.</summary>
/// <param name="Order">Number of the order.</param>
/// <param name="Step">0: placing; n: what happens to it n-th. Done, it leads to version n + 1.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="Body">Its bytes as text; absent: none.</param>
internal sealed record LedgerIntent(int Order, int Step, string Key, string Path, string? Body);

/// <summary>The API has acknowledged it.</summary>
/// <param name="Id">Of the order.</param>
/// <param name="Number">For people; with step 0.</param>
/// <param name="At">When that version came to be.</param>
/// <param name="Replayed">True: an earlier sending had been carried out.</param>
internal sealed record LedgerDone(int Order, int Step, string Id, string? Number, DateTimeOffset At, bool? Replayed = null);

/// <summary>The API has refused it, and nothing happened.</summary>
/// <param name="Why">Status and problem.</param>
internal sealed record LedgerRefused(int Order, int Step, string Why);

/// <summary>Nobody knows whether it was carried out. What came of it is said by a later line.</summary>
internal sealed record LedgerUnknown(int Order, int Step, string Why);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerRecord))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;

internal static class LedgerJson
{
    public static readonly LedgerJsonContext Default = new(OrdersJson.Options());
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Contracts;
using Orders.Simulator.Histories;
using Orders.Simulator.Live;
using Orders.Simulator.Model;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Api;

/// <summary>A page of a list as the API answers it.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary><c>GET /v1/stats</c>: rows per table.</summary>
internal sealed record TableCounts(long Customers, long Addresses, long Products, long Orders);

/// <summary>What of a customer, an address and a product the live traffic needs.</summary>
internal sealed record CustomerRef(string ClientId);

internal sealed record AddressRef(string ClientId, string AddressId);

internal sealed record ProductRef(string Id, string? Category);

internal sealed record CancelRequest(string Reason);

/// <summary>What <c>orders.cancel</c> carries.</summary>
internal sealed record CancelCommand(string ExternalId, string Reason);

/// <summary>Pieces that come to a product's shelf.</summary>
internal sealed record StockChange(int Change);

/// <summary>What of a problem detail the simulator understands.</summary>
internal sealed record Refusal(string? Type, IReadOnlyList<RefusedField>? Errors);

internal sealed record RefusedField(string? Field);

/// <summary>What became of the lines of an import.</summary>
/// <param name="RejectedLinesOmitted">Rejected lines that are not described.</param>
internal sealed record ImportReport(
    long Lines, long Accepted, long Unchanged, long Rejected, IReadOnlyList<RejectedLine>? RejectedLines, long? RejectedLinesOmitted);

/// <param name="Line">1, 2, ... within the import.</param>
internal sealed record RejectedLine(long Line, string? ExternalId, string Code, IReadOnlyList<RejectedField>? Errors);

internal sealed record RejectedField(string Field, string Reason);

/// <summary>A page of hits, of which the ids are enough here.</summary>
internal sealed record SearchPage(IReadOnlyList<SearchHit> Hits, int TotalPages);

internal sealed record SearchHit(string Id);

/// <summary>JSON of the simulator: tables and requests as the API reads them, replies of its own endpoints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<Customer>))]
[JsonSerializable(typeof(IReadOnlyList<Address>))]
[JsonSerializable(typeof(IReadOnlyList<Product>))]
[JsonSerializable(typeof(Page<CustomerRef>))]
[JsonSerializable(typeof(Page<AddressRef>))]
[JsonSerializable(typeof(Page<ProductRef>))]
[JsonSerializable(typeof(TableCounts))]
[JsonSerializable(typeof(PlaceOrderRequest))]
[JsonSerializable(typeof(CancelRequest))]
[JsonSerializable(typeof(CancelCommand))]
[JsonSerializable(typeof(StockChange))]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(SearchPage))]
[JsonSerializable(typeof(HistoryState))]
[JsonSerializable(typeof(LiveStatus))]
[JsonSerializable(typeof(RateRequest))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;

internal static class ApiJson
{
    public static readonly ApiJsonContext Default = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = OrdersJson.Encoder,
        Converters = { new UtcConverter() },
    });
}

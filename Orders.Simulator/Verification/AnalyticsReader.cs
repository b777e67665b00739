using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Contracts;
using Orders.Simulator.Lives;

namespace Orders.Simulator.Verification;

/// <summary>What analytics says of an hour, or what it must say.</summary>
internal sealed record HourSums
{
    public DateTimeOffset Bucket { get; init; }

    public string Currency { get; init; } = "";

    public long Orders { get; init; }

    public long Items { get; init; }

    public decimal Revenue { get; init; }

    public decimal Discount { get; init; }

    public decimal Shipping { get; init; }

    public decimal Tax { get; init; }

    public decimal Refunded { get; init; }

    public long Cancelled { get; init; }

    public decimal CancelledAmount { get; init; }
}

internal sealed record SumsReply(IReadOnlyList<HourSums> Sums);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SumsReply))]
internal sealed partial class SumsJsonContext : JsonSerializerContext;

/// <summary>The sums of the run's channel, hour by hour: as analytics has them and as the model has them.</summary>
internal sealed class AnalyticsReader(PatientApi api, VerifyOrders orders, VerifyBook book, DateTimeOffset began, TimeProvider time)
{
    /// <summary>Fewer than the 1000 buckets that a request may span.</summary>
    private const int HoursMax = 900;

    private static readonly SumsJsonContext Json = new(OrdersJson.Options());

    /// <summary>All orders of the run that analytics knows.</summary>
    public async Task<long> CountAsync(CancellationToken cancel) =>
        (await ReadAsync(began, time.GetUtcNow(), cancel)).Sum(hour => hour.Orders);

    /// <param name="from">Clocks may be an hour apart: that much is read before and after.</param>
    /// <param name="to">As <paramref name="from"/>.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<List<HourSums>> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var sums = new List<HourSums>();
        var end = Hour(to).AddHours(2);
        for (var start = Hour(from).AddHours(-1); start < end; start = start.AddHours(HoursMax))
        {
            var until = start.AddHours(HoursMax) < end ? start.AddHours(HoursMax) : end;
            var path = $"/v1/analytics/orders?by=channel&value={orders.Plan.Channel}&grain=hour&from={Text(start)}&to={Text(until)}";
            sums.AddRange(JsonSerializer.Deserialize(await api.ReadAsync(path, cancel), Json.SumsReply)!.Sums);
        }

        return sums;
    }

    /// <summary>What must be there when everything that was acknowledged has arrived.</summary>
    public SortedDictionary<DateTimeOffset, HourSums> Expected(CancellationToken cancel)
    {
        var hours = new SortedDictionary<DateTimeOffset, HourSums>();
        for (var number = 0; number < book.Count; number++)
        {
            if (book[number] is not { Exists: true } known) continue;
            cancel.ThrowIfCancellationRequested();
            var hour = Hour(known.PlacedAt);
            var before = hours.GetValueOrDefault(hour) ?? new HourSums { Bucket = hour, Currency = orders.Currency };
            hours[hour] = Plus(before, orders.At(number), known);
        }

        return hours;
    }

    private static HourSums Plus(HourSums sums, VerifyOrder order, BookEntry known)
    {
        var steps = order.Life.Take(known.Version - 1).ToList();
        var isCancelled = steps.Exists(step => step.Step is LifeStep.Cancelled or LifeStep.Failed);
        return sums with
        {
            Orders = sums.Orders + 1, Items = sums.Items + order.Lines.Sum(line => line.Quantity),
            Revenue = sums.Revenue + order.Amounts.Total, Discount = sums.Discount + order.Amounts.Discount,
            Shipping = sums.Shipping + order.Amounts.Shipping, Tax = sums.Tax + order.Amounts.Tax,
            Refunded = sums.Refunded + steps.Sum(step => step.Amount ?? 0), Cancelled = sums.Cancelled + (isCancelled ? 1 : 0),
            CancelledAmount = sums.CancelledAmount + (isCancelled ? order.Amounts.Total : 0),
        };
    }

    private static DateTimeOffset Hour(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

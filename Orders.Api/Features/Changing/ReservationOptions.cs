using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Changing;

/// <summary>Section <c>Orders:Reservations</c>: how long an order that is not paid keeps its pieces from others.</summary>
internal sealed class ReservationOptions
{
    public const string Section = "Orders:Reservations";

    /// <summary>
    /// An order that holds stock and was neither paid nor changed for this long is failed, and its pieces go back. Default 7 days, 1 second
    /// to 1,000 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1000.00:00:00")]
    public TimeSpan UnpaidMax { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often orders are looked for that have reached it. Default 1 minute, 100 milliseconds to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Orders that are looked for at once, at most. Default 100, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int SweepBatchMax { get; set; } = 100;
}

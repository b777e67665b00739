namespace Orders.Api.Features.Analytics;

/// <summary>How long a bucket is. Buckets begin at full hours, days and months in UTC.</summary>
/// <param name="Name">As it stands in the query and in the rollups.</param>
internal sealed record Grain(string Name)
{
    public static readonly string[] Names = ["hour", "day", "month"];

    /// <summary>The beginning of the bucket that holds an instant.</summary>
    public DateTimeOffset Floor(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return Name switch
        {
            "hour" => new DateTimeOffset(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, TimeSpan.Zero),
            "day" => new DateTimeOffset(utc.Date, TimeSpan.Zero),
            _ => new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero),
        };
    }

    /// <summary>The end of the bucket that an instant is in, or the instant itself where a bucket begins.</summary>
    public DateTimeOffset Ceiling(DateTimeOffset instant) => Floor(instant) == instant ? instant : Add(Floor(instant), 1);

    /// <summary>Never beyond the years that there are.</summary>
    public DateTimeOffset Add(DateTimeOffset bucket, int buckets)
    {
        try
        {
            return Name switch
            {
                "hour" => bucket.AddHours(buckets),
                "day" => bucket.AddDays(buckets),
                _ => bucket.AddMonths(buckets),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return buckets < 0 ? DateTimeOffset.MinValue.AddDays(1) : DateTimeOffset.MaxValue.AddDays(-1);
        }
    }

    /// <summary>What a request that names no beginning is about: two days of hours, thirty days, a year of months.</summary>
    public int Usual => Name switch { "hour" => 48, "day" => 30, _ => 12 };
}

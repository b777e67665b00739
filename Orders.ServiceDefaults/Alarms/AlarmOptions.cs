using System.ComponentModel.DataAnnotations;

namespace Orders.ServiceDefaults.Alarms;

/// <summary>Section <c>Orders:Alarms</c>. What counts as trouble is said by the options of each part.</summary>
public sealed class AlarmOptions
{
    public const string Section = "Orders:Alarms";

    /// <summary>How often every check is asked. Default 10 s, 1 s to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Alarms that wait to be told, at most; beyond it the oldest are dropped. Default 1,000, 10 to 100,000.</summary>
    [Range(10, 100_000)]
    public int UntoldMax { get; set; } = 1000;

    /// <summary>How long a webhook of an alarm is tried and kept. Default 3 days, 1 hour to 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan WebhookKeptFor { get; set; } = TimeSpan.FromDays(3);
}

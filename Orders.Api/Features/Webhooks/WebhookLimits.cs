using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Webhooks;

/// <summary>What subscribers may do. Section <c>Orders:Webhooks</c>.</summary>
internal sealed class WebhookLimits
{
    public const string Section = "Orders:Webhooks";

    /// <summary>Subscriptions of one key; of all keys together, for a customer. Default 50, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int SubscriptionsMax { get; set; } = 50;

    /// <summary>Characters of an address. Default 2000, 100 to 8000.</summary>
    [Range(100, 8000)]
    public int UrlLengthMax { get; set; } = 2000;

    /// <summary>How long a replaced secret goes on signing beside the new one. Default 1 day, 0 to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan RotationGrace { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Deliveries that one replay asks for; those of one instant stay together. Default 10000, 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int ReplayMax { get; set; } = 10_000;

    /// <summary>How long a test, redelivery or replay is kept at least. Default 7 days, 1 hour to 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromDays(7);
}

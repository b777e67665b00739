using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Explaining;

/// <summary>Section <c>Orders:Explaining</c>.</summary>
internal sealed class ExplainOptions
{
    public const string Section = "Orders:Explaining";

    /// <summary>
    /// How long a change may be on its way to Kafka and search before that counts as a disagreement. Default 30 s, 1 s to 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PendingMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for search. Default 5 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan SearchTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Longest wait until search has removed a document that healing must write anew. Default 20 s, 100 ms to 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RemovalTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

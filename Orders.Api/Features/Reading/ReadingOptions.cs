using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Reading;

/// <summary>Section <c>Orders:Reading</c>.</summary>
internal sealed class ReadingOptions
{
    public const string Section = "Orders:Reading";

    /// <summary>
    /// Longest a page of the list of orders may take; then it is given up and the caller is told to narrow the filter. Default 5 s,
    /// 1 s to 5 minutes, in whole seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ListTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

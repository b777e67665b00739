using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Jobs;

/// <summary>Section <c>Orders:Jobs</c>.</summary>
internal sealed class JobOptions
{
    public const string Section = "Orders:Jobs";

    /// <summary>Jobs that may wait at once; beyond it 409 <c>too_many_jobs</c>. Default 100, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int QueuedMax { get; set; } = 100;

    /// <summary>Orders that one replay may name. Default 1000, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int ReplayOrdersMax { get; set; } = 1000;
}

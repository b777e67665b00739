using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Orders.Api.Http;

/// <summary>Section <c>Orders:ServerErrors</c>: when replies of 500 and above are an alarm.</summary>
internal sealed class ServerErrorOptions
{
    public const string Section = "Orders:ServerErrors";

    /// <summary>How far back replies are counted. Default 1 minute, 6 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:06", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Share of all replies beyond which they are an alarm. Default 0.05, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double ShareMax { get; set; } = 0.05;

    /// <summary>Fewer of them are none. Default 10, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int CountMin { get; set; } = 10;
}

/// <summary>Replies and those of them that are 500 and above, over the last window, in six parts of it.</summary>
internal sealed class ServerErrors(IOptions<ServerErrorOptions> options, TimeProvider time) : IHealthCheck
{
    private const int Parts = 6;

    private readonly Lock _lock = new();
    private readonly (long Part, int Replies, int Errors)[] _counts = new (long, int, int)[Parts];

    private long Now => time.GetUtcNow().UtcTicks / (options.Value.Window.Ticks / Parts);

    public void Count(int status)
    {
        var now = Now;
        lock (_lock)
        {
            ref var part = ref _counts[now % Parts];
            if (part.Part != now) part = (now, 0, 0);
            part.Replies++;
            if (status >= StatusCodes.Status500InternalServerError) part.Errors++;
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var oldest = Now - Parts;
        var (replies, errors) = (0, 0);
        lock (_lock)
        {
            foreach (var part in _counts.Where(part => part.Part > oldest))
                (replies, errors) = (replies + part.Replies, errors + part.Errors);
        }

        var isTrouble = errors >= options.Value.CountMin && errors > replies * options.Value.ShareMax;
        return Task.FromResult(isTrouble
            ? HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture, $"{errors} of {replies} replies within {options.Value.Window} were 500 or above"))
            : HealthCheckResult.Healthy());
    }
}

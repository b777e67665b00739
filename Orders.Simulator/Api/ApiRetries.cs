using System.Net;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Orders.Simulator.Api;

/// <summary>
/// Two policies, because two kinds of request exist. What may be repeated (reads, and imports, which are upserts by id) is
/// repeated until it succeeds. An order may not: sent again after an unknown outcome it could exist twice. It is sent again
/// only when it was certainly not executed.
/// </summary>
internal sealed partial class ApiRetries
{
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(5);

    private readonly ILogger<ApiRetries> _logger;

    public ApiRetries(
        IOptions<SimulatorOptions> options, TimeProvider time, SimulatorMetrics metrics, ILogger<ApiRetries> logger)
    {
        _logger = logger;
        Once = Pipeline(time, options.Value.RequestTimeout, options.Value.RetriesMax, TimeSpan.FromMilliseconds(100),
            NotExecuted, _ => metrics.Retried());
        Repeatable = Pipeline(time, options.Value.RequestTimeout * 3, int.MaxValue, TimeSpan.FromMilliseconds(250),
            Transient, retry => LogWaiting(retry.AttemptNumber + 1, Reason(retry.Outcome)));
    }

    /// <summary>For orders: one retry policy, and only after "certainly not executed".</summary>
    public ResiliencePipeline<HttpResponseMessage> Once { get; }

    /// <summary>For reads and imports: goes on until the API is there. Ends by cancellation.</summary>
    public ResiliencePipeline<HttpResponseMessage> Repeatable { get; }

    /// <summary>The API turned the request away before doing anything, or never saw it.</summary>
    public static bool NotExecuted(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } => true,
        { Exception: HttpRequestException error } => NeverConnected(error),
        _ => false,
    };

    public static bool NeverConnected(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;

    private static bool Transient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Result.StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        _ => false,
    };

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(
        TimeProvider time, TimeSpan attemptTimeout, int retriesMax, TimeSpan firstDelay,
        Func<Outcome<HttpResponseMessage>, bool> handles, Action<OnRetryArguments<HttpResponseMessage>> retried) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = args => ValueTask.FromResult(handles(args.Outcome)),
                MaxRetryAttempts = retriesMax,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = firstDelay,
                MaxDelay = BackoffMax,
                DelayGenerator = args => ValueTask.FromResult(AskedDelay(args.Outcome.Result)),
                OnRetry = retry =>
                {
                    retried(retry);
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(attemptTimeout)
            .Build();

    private static string Reason(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } response ? $"status {(int)response.StatusCode}" : outcome.Exception?.Message ?? "no reply";

    [LoggerMessage(Level = LogLevel.Information, Message = "The API does not serve yet (attempt {Attempt}): {Reason}")]
    private partial void LogWaiting(int attempt, string reason);

    /// <summary>What the API asked for by Retry-After, within our own limit; null: exponential back-off with jitter.</summary>
    private static TimeSpan? AskedDelay(HttpResponseMessage? response) =>
        response?.Headers.RetryAfter?.Delta is { } delta && delta >= TimeSpan.Zero ? (delta < BackoffMax ? delta : BackoffMax) : null;
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Simulator.Api;
using Polly.Timeout;

namespace Orders.Simulator.Cli;

/// <summary>The API did not answer as long as somebody was willing to wait.</summary>
internal sealed class ApiAwayException(Uri address, TimeSpan patience, string? last = null) : Exception(
    FormattableString.Invariant($"{address} does not answer; waited {patience.TotalSeconds:F0} s") + (last is null ? "" : ": " + last));

/// <summary>The API that a command works with.</summary>
internal sealed class ApiConnection : IDisposable
{
    private readonly CommandMeters _metrics = new();
    private readonly HttpClient _http;

    public ApiConnection(CliContext context, ApiTarget target)
    {
        Target = target;
        _http = new HttpClient(context.Network())
        {
            BaseAddress = target.Address, Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { Authorization = new("Bearer", target.Key) },
        };
        Api = new OrdersApi(_http, new ApiRetries(
            Options.Create(new SimulatorOptions()), context.Time, new SimulatorMetrics(_metrics), NullLogger<ApiRetries>.Instance));
    }

    public ApiTarget Target { get; }

    public OrdersApi Api { get; }

    /// <summary>Carries out a request that is repeated until it succeeds, for as long as <see cref="ApiTarget.Patience"/>.</summary>
    /// <exception cref="ApiAwayException">It did not succeed by then.</exception>
    public async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Target.Patience);
        try
        {
            return await request(patience.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutRejectedException && !cancel.IsCancellationRequested)
        {
            throw new ApiAwayException(Target.Address, Target.Patience);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Counts for nobody: a command has no exporter.</summary>
    private sealed class CommandMeters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Simulator.Api;
using Orders.Simulator.Files;
using Polly.Timeout;
using Spectre.Console;

namespace Orders.Simulator.Cli;

/// <summary>The API did not answer as long as somebody was willing to wait.</summary>
internal sealed class ApiAwayException(Uri address, TimeSpan patience)
    : Exception(FormattableString.Invariant($"{address} does not answer; waited {patience.TotalSeconds:F0} s"));

/// <summary>
/// Sends tables to the API in batches, with a bar each. As when the service seeds, a table goes from its last row to its first:
/// row 0 is there only when all of them are, so an interrupted table shows. Imports are upserts: sending again is harmless.
/// </summary>
internal sealed class TableSending(CliContext context, ApiTarget target)
{
    private readonly Terminal _terminal = context.Terminal;

    public async Task SendAsync(SeedTables tables, CancellationToken cancel)
    {
        using var metrics = new CommandMeters();
        using var http = new HttpClient(context.Network())
        {
            BaseAddress = target.Address, Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { Authorization = new("Bearer", target.Key) },
        };
        var retries = new ApiRetries(
            Options.Create(new SimulatorOptions()), context.Time, new SimulatorMetrics(metrics), NullLogger<ApiRetries>.Instance);
        var api = new OrdersApi(http, retries);
        await _terminal.Error.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                await SendAsync(api, progress, TableSchemas.Customers, tables.Customers, cancel);
                await SendAsync(api, progress, TableSchemas.Addresses, tables.Addresses, cancel);
                await SendAsync(api, progress, TableSchemas.Products, tables.Products, cancel);
            });
    }

    private async Task SendAsync<T>(
        OrdersApi api, ProgressContext progress, TableSchema<T> schema, IReadOnlyList<T>? rows, CancellationToken cancel)
    {
        if (rows is not { Count: > 0 }) return;
        var started = context.Time.GetTimestamp();
        var bar = progress.AddTask(schema.Name, maxValue: rows.Count);
        foreach (var batch in rows.Chunk(target.Batch).Reverse())
        {
            await PatientlyAsync(patience => api.ImportAsync(schema.Name, batch, schema.JsonList, patience), cancel);
            bar.Increment(batch.Length);
        }

        var seconds = context.Time.GetElapsedTime(started).TotalSeconds;
        _terminal.Say(FormattableString.Invariant($"{schema.Name}: {rows.Count} rows sent in {seconds:F1} s"));
    }

    private async Task PatientlyAsync(Func<CancellationToken, Task> request, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(target.Patience);
        try
        {
            await request(patience.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutRejectedException && !cancel.IsCancellationRequested)
        {
            throw new ApiAwayException(target.Address, target.Patience);
        }
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

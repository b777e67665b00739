using Orders.Simulator.Files;
using Spectre.Console;

namespace Orders.Simulator.Cli;

/// <summary>
/// Sends tables to the API in batches, with a bar each. As when the service seeds, a table goes from its last row to its first:
/// row 0 is there only when all of them are, so an interrupted table shows. Imports are upserts: sending again is harmless.
/// </summary>
internal sealed class TableSending(CliContext context, ApiConnection connection)
{
    private readonly Terminal _terminal = context.Terminal;

    public Task SendAsync(SeedTables tables, CancellationToken cancel) => _terminal.Error.Progress().AutoClear(false)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async progress =>
        {
            await SendAsync(progress, TableSchemas.Customers, tables.Customers, cancel);
            await SendAsync(progress, TableSchemas.Addresses, tables.Addresses, cancel);
            await SendAsync(progress, TableSchemas.Products, tables.Products, cancel);
        });

    private async Task SendAsync<T>(ProgressContext progress, TableSchema<T> schema, IReadOnlyList<T>? rows, CancellationToken cancel)
    {
        if (rows is not { Count: > 0 }) return;
        var started = context.Time.GetTimestamp();
        var bar = progress.AddTask(schema.Name, maxValue: rows.Count);
        foreach (var batch in rows.Chunk(connection.Target.Batch).Reverse())
        {
            await connection.PatientlyAsync(async patience =>
            {
                await connection.Api.ImportAsync(schema.Name, batch, schema.JsonList, patience);
                return batch.Length;
            }, cancel);
            bar.Increment(batch.Length);
        }

        var seconds = context.Time.GetElapsedTime(started).TotalSeconds;
        _terminal.Say(FormattableString.Invariant($"{schema.Name}: {rows.Count} rows sent in {seconds:F1} s"));
    }
}

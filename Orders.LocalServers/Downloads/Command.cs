using System.Diagnostics;
using System.Text;

namespace Orders.LocalServers.Downloads;

/// <summary>
/// One run of an external program to its end. Keeps the last lines of its output only; cancelling kills the whole process tree
/// before the call returns.
/// </summary>
internal sealed record Command(string FileName, params IReadOnlyList<string> Arguments)
{
    private const int LinesKept = 30;
    private const int LineLengthMax = 500;
    private static readonly TimeSpan ExitPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(2);

    public string WorkingDirectory { get; init; } = Path.GetTempPath();

    /// <summary>The program is killed when it runs longer.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Variables to set in the inherited environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Text for standard input; null: none.</summary>
    public string? Input { get; init; }

    /// <summary>Runs to the end; returns the last lines of standard output and error, as they came.</summary>
    /// <exception cref="InvalidOperationException">
    /// Its exit code is not 0, or it ran longer than <see cref="TimeLimit"/>; the message has its last lines.
    /// </exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo() };
        var tail = new Queue<string>(LinesKept);
        process.OutputDataReceived += (_, line) => Keep(tail, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(tail, line.Data);
        process.Start();
        if (Input is not null) await process.StandardInput.WriteAsync(Input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            await ExitedAsync(process, limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await ExitedAsync(process, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException(Failure($"was killed after {TimeLimit.TotalSeconds:0} s", Lines(tail)));
        }

        var lines = Lines(tail);
        return process.ExitCode == 0
            ? lines
            : throw new InvalidOperationException(Failure($"ended with exit code {process.ExitCode}", lines));
    }

    /// <summary>
    /// Waits for the process, and then only a moment for the end of its output: what it has left running may hold that open for ever.
    /// </summary>
    private static async Task ExitedAsync(Process process, CancellationToken cancellationToken)
    {
        while (!process.HasExited) await Task.Delay(ExitPoll, TimeProvider.System, cancellationToken);
        using var moment = new CancellationTokenSource(OutputPatience);
        await process.WaitForExitAsync(moment.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static string[] Lines(Queue<string> tail)
    {
        lock (tail)
        {
            return [.. tail];
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(FileName, Arguments)
        {
            WorkingDirectory = WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static void Keep(Queue<string> tail, string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (tail)
        {
            if (tail.Count == LinesKept)
            {
                tail.Dequeue();
            }

            tail.Enqueue(line.Length > LineLengthMax ? line[..LineLengthMax] : line);
        }
    }

    private string Failure(string what, string[] lines) =>
        new StringBuilder()
            .Append(Path.GetFileName(FileName)).Append(' ').AppendJoin(' ', Arguments)
            .Append(' ').Append(what).Append(" in ").Append(WorkingDirectory).AppendLine(". Its last lines:")
            .AppendJoin('\n', lines.DefaultIfEmpty("(no output)"))
            .ToString();
}

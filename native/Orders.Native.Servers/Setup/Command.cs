using System.Diagnostics;
using System.Text;

namespace Orders.Native.Servers.Setup;

/// <summary>
/// One run of an external program to its end. Keeps the last lines of its output only; cancelling kills the whole process tree
/// before the call returns.
/// </summary>
internal sealed record Command(string FileName, params IReadOnlyList<string> Arguments)
{
    private const int LinesKept = 30;
    private const int LineLengthMax = 500;

    public string WorkingDirectory { get; init; } = Path.GetTempPath();

    /// <summary>Variables to set in the inherited environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs to the end; returns the last lines of standard output and error, as they came.</summary>
    /// <exception cref="InvalidOperationException">Its exit code is not 0; the message has its last lines.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo() };
        var tail = new Queue<string>(LinesKept);
        process.OutputDataReceived += (_, line) => Keep(tail, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(tail, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        string[] lines;
        lock (tail)
        {
            lines = [.. tail];
        }

        return process.ExitCode == 0 ? lines : throw new InvalidOperationException(Failure(process.ExitCode, lines));
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

    private string Failure(int exitCode, string[] lines) =>
        new StringBuilder()
            .Append(Path.GetFileName(FileName)).Append(' ').AppendJoin(' ', Arguments)
            .Append(" ended with exit code ").Append(exitCode).Append(" in ").Append(WorkingDirectory).AppendLine(". Its last lines:")
            .AppendJoin('\n', lines.DefaultIfEmpty("(no output)"))
            .ToString();
}

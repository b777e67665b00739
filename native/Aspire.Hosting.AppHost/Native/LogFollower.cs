using Aspire.Hosting.ApplicationModel;
using Orders.Native.Hosting.Dcp;

namespace Orders.Native.Hosting;

/// <summary>Copies the output of every process from DCP to the console logs.</summary>
internal sealed class LogFollower(DcpClient dcp, ResourceLoggerService loggers, CancellationToken stopping)
{
    // DCP passes lines on within 150 ms (measured), but closes the stream of an ended process only seconds later.
    private static readonly TimeSpan FinishTimeout = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _followed = [];
    private readonly Dictionary<string, Task> _tasks = [];

    /// <summary>Starts to copy, once per process.</summary>
    public void Follow(string id, string uid)
    {
        lock (_lock)
        {
            if (_followed.Add(uid))
                _tasks[id] = Task.WhenAll(CopyAsync(id, "stdout", isError: false), CopyAsync(id, "stderr", isError: true));
        }
    }

    /// <summary>Returns when the output of an ended process has been copied.</summary>
    public async Task FinishAsync(string id, CancellationToken cancellationToken)
    {
        Task? copying;
        lock (_lock)
            _tasks.Remove(id, out copying);
        if (copying is not null)
            await Task.WhenAny(copying, Task.Delay(FinishTimeout, cancellationToken)).ConfigureAwait(false);
    }

    private async Task CopyAsync(string id, string source, bool isError)
    {
        try
        {
            await foreach (var line in dcp.LogAsync(id, source, stopping).ConfigureAwait(false))
                loggers.Append(id, line, isError);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
    }
}

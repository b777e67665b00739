using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace Orders.Simulator.Verification;

/// <summary>
/// Appends to a ledger. One task writes whatever has come together since the last time and makes it durable at once: who waits for a
/// line waits for one flush of the disk, shared by all that wait. What is queued is bounded; who writes faster than the disk waits.
/// </summary>
internal sealed class LedgerWriter : IAsyncDisposable
{
    private const int QueuedMax = 4096;
    private const int BatchBytesMax = 1 << 20;

    private readonly Channel<(byte[] Line, TaskCompletionSource? Durable)> _queue =
        Channel.CreateBounded<(byte[], TaskCompletionSource?)>(new BoundedChannelOptions(QueuedMax) { SingleReader = true });

    private readonly SafeFileHandle _file;
    private readonly Task _writing;
    private long _length;

    private LedgerWriter(SafeFileHandle file, long length)
    {
        (_file, _length) = (file, length);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>How often the disk was flushed.</summary>
    public long Flushes { get; private set; }

    /// <param name="file">Made if it is not there. Nobody else may write to it meanwhile.</param>
    /// <param name="length">Where the whole lines end; what is behind them is taken off.</param>
    public static LedgerWriter Open(FileInfo file, long length)
    {
        var handle = File.OpenHandle(file.FullName, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        RandomAccess.SetLength(handle, length);
        return new LedgerWriter(handle, length);
    }

    /// <summary>Returns when the record is on disk.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public async Task WriteDurablyAsync(LedgerRecord record)
    {
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await EnqueueAsync(record, durable);
        await durable.Task;
    }

    /// <summary>Returns when there is room: the record comes to disk behind all those before it.</summary>
    public ValueTask WriteAsync(LedgerRecord record) => EnqueueAsync(record, null);

    /// <summary>Everything is on disk then.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _file.Dispose();
    }

    private async ValueTask EnqueueAsync(LedgerRecord record, TaskCompletionSource? durable)
    {
        try
        {
            await _queue.Writer.WriteAsync((LedgerLine.Write(record), durable));
        }
        catch (ChannelClosedException error) when (error.InnerException is IOException broken)
        {
            throw new IOException(broken.Message, broken);
        }
    }

    private async Task WriteAsync()
    {
        var (lines, waiting) = (new List<ReadOnlyMemory<byte>>(), new List<TaskCompletionSource>());
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                var bytes = 0;
                while (bytes < BatchBytesMax && _queue.Reader.TryRead(out var next))
                {
                    lines.Add(next.Line);
                    bytes += next.Line.Length;
                    if (next.Durable is { } durable) waiting.Add(durable);
                }

                await RandomAccess.WriteAsync(_file, lines, _length);
                RandomAccess.FlushToDisk(_file);
                Flushes++;
                _length += bytes;
                foreach (var durable in waiting) durable.SetResult();
                lines.Clear();
                waiting.Clear();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(error as IOException ?? new IOException(error.Message, error), waiting);
        }
    }

    /// <summary>A disk that is full ends the run: what cannot be written must not be sent.</summary>
    private void Fail(IOException error, List<TaskCompletionSource> waiting)
    {
        _queue.Writer.TryComplete(error);
        foreach (var durable in waiting) durable.SetException(error);
        while (_queue.Reader.TryRead(out var next)) next.Durable?.SetException(error);
    }
}

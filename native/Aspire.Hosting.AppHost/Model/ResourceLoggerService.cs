using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A console line of a resource.</summary>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Console output of every resource instance: the last lines are kept, new ones are passed on as they come.</summary>
public class ResourceLoggerService(TimeProvider? timeProvider = null)
{
    private const int LinesKept = 10_000;

    private readonly ConcurrentDictionary<string, Log> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary>Called for every line, for those who copy the output elsewhere.</summary>
    internal Action<string, LogLine>? Copy { get; set; }

    /// <summary>Writes to the console log of all instances of the resource.</summary>
    public ILogger GetLogger(IResource resource) => new ResourceLogger(this, () => ResourceNotificationService.InstanceIds(resource));

    public ILogger GetLogger(string resourceName) => new ResourceLogger(this, () => [resourceName]);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) =>
        WatchAsync(ResourceNotificationService.InstanceIds(resource)[0]);

    /// <summary>What is kept, then what comes.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Get(resourceName).WatchAsync(follow: true, default);

    /// <summary>What is kept.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) =>
        Get(resourceName).WatchAsync(follow: false, default);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) =>
        GetAllAsync(ResourceNotificationService.InstanceIds(resource)[0]);

    internal IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName, bool follow, CancellationToken cancellationToken) =>
        Get(resourceName).WatchAsync(follow, cancellationToken);

    /// <summary>Adds a line that already starts with its time stamp.</summary>
    internal void Append(string resourceName, string content, bool isError)
    {
        var line = Get(resourceName).Append(content, isError);
        Copy?.Invoke(resourceName, line);
    }

    private void AppendNow(string resourceName, string content, bool isError) =>
        Append(
            resourceName,
            string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {content}"),
            isError);

    private Log Get(string resourceName) => _logs.GetOrAdd(resourceName, _ => new Log());

    private sealed class Log
    {
        private readonly Lock _lock = new();
        private readonly Queue<LogLine> _kept = new();
        private readonly List<Channel<LogLine>> _watchers = [];
        private int _count;

        public LogLine Append(string content, bool isError)
        {
            lock (_lock)
            {
                var line = new LogLine(++_count, content, isError);
                _kept.Enqueue(line);
                if (_kept.Count > LinesKept)
                    _kept.Dequeue();
                foreach (var watcher in _watchers)
                    watcher.Writer.TryWrite(line);
                return line;
            }
        }

        public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(
            bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            // A dashboard page that is left open but not read must not fill the memory: it loses the oldest lines instead.
            var channel = Channel.CreateBounded<LogLine>(
                new BoundedChannelOptions(LinesKept) { FullMode = BoundedChannelFullMode.DropOldest });
            LogLine[] kept;
            lock (_lock)
            {
                kept = [.. _kept];
                if (follow)
                    _watchers.Add(channel);
            }

            try
            {
                if (kept.Length > 0)
                    yield return kept;
                while (follow && await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var batch = new List<LogLine>();
                    while (batch.Count < 1000 && channel.Reader.TryRead(out var line))
                        batch.Add(line);
                    yield return batch;
                }
            }
            finally
            {
                lock (_lock)
                    _watchers.Remove(channel);
            }
        }
    }

    private sealed class ResourceLogger(ResourceLoggerService service, Func<IReadOnlyList<string>> instances) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter)
        {
            var text = formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception);
            foreach (var instance in instances())
            {
                foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    service.AppendNow(instance, line.TrimEnd('\r'), logLevel >= LogLevel.Error);
            }
        }
    }
}

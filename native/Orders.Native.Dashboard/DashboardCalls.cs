using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orders.Native.Dashboard.Wire;

namespace Orders.Native.Dashboard;

/// <summary>The dashboard's calls, one method each.</summary>
internal sealed partial class DashboardCalls(IResourceSource source, ILogger log)
{
    // Changes that wait for a slow dashboard, per watch; when it is full the source waits.
    private const int PendingChangesMax = 512;

    // The dashboard takes messages of up to 16 MB. Smaller ones show sooner.
    private const int ConsoleMessageCharsMax = 256 * 1024;

    public async Task GetApplicationInformationAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await GrpcCall.ReadAsync(http, ApplicationInformationRequest.Parser, cancellationToken);
        await GrpcCall.StartAsync(http, cancellationToken);
        var response = new ApplicationInformationResponse { ApplicationName = source.ApplicationName };
        await GrpcCall.WriteAsync(http, response, cancellationToken);
    }

    public async Task WatchResourcesAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await GrpcCall.ReadAsync(http, WatchResourcesRequest.Parser, cancellationToken);
        await GrpcCall.StartAsync(http, cancellationToken);

        var pending = Channel.CreateBounded<ResourceChange>(PendingChangesMax);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reader = ReadChangesAsync(pending.Writer, reading.Token);
        try
        {
            while (await pending.Reader.WaitToReadAsync(cancellationToken))
            {
                foreach (var message in Messages(pending.Reader))
                    await GrpcCall.WriteAsync(http, message, cancellationToken);
            }
        }
        finally
        {
            await reading.CancelAsync();
            await reader;
        }

        // The dashboard answers a regular ending with a new watch at once, an irregular one after a pause.
        throw new GrpcException(GrpcStatus.Unavailable, "The source of resources has ended.");
    }

    public async Task WatchConsoleAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var request = await GrpcCall.ReadAsync(http, WatchResourceConsoleLogsRequest.Parser, cancellationToken);
        await GrpcCall.StartAsync(http, cancellationToken);
        var batches = source.WatchConsoleAsync(request.ResourceName, !request.SuppressFollow, cancellationToken);
        await foreach (var batch in batches.WithCancellation(cancellationToken))
        {
            foreach (var message in Messages(batch))
                await GrpcCall.WriteAsync(http, message, cancellationToken);
        }
    }

    public async Task ExecuteCommandAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var request = await GrpcCall.ReadAsync(http, ResourceCommandRequest.Parser, cancellationToken);
        await GrpcCall.StartAsync(http, cancellationToken);
        var outcome = await ExecuteAsync(request.ResourceName, request.CommandName, cancellationToken);
        await GrpcCall.WriteAsync(http, WireFormat.ToWire(outcome), cancellationToken);
    }

    /// <summary>A command that throws has failed; the user who started it is told why.</summary>
    private async Task<CommandOutcome> ExecuteAsync(string resource, string command, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ExecuteCommandAsync(resource, command, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogCommandFailed(command, resource, e);
            return new CommandOutcome.Failed(e.Message);
        }
    }

    /// <summary>Orders asks nothing through the dashboard: the stream stays open and empty, so that it is not asked for again.</summary>
    public static async Task WatchInteractionsAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await GrpcCall.StartAsync(http, cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>Never throws: what the source throws reaches the reader of the channel.</summary>
    private async Task ReadChangesAsync(ChannelWriter<ResourceChange> pending, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in source.WatchResourcesAsync(cancellationToken).WithCancellation(cancellationToken))
                await pending.WriteAsync(change, cancellationToken);
            pending.Complete();
        }
        catch (Exception e)
        {
            pending.Complete(e);
        }
    }

    /// <summary>All that waits: the snapshot on its own, and the changes in one message, of each resource only the last one.</summary>
    private static IEnumerable<WatchResourcesUpdate> Messages(ChannelReader<ResourceChange> pending)
    {
        var changes = new OrderedDictionary<string, WatchResourcesChange>(StringComparer.Ordinal);
        while (pending.TryRead(out var next))
        {
            switch (next)
            {
                case ResourceChange.Snapshot snapshot:
                    yield return new() { InitialData = new() { Resources = { snapshot.Resources.Select(WireFormat.ToWire) } } };
                    break;
                case ResourceChange.Upsert upsert:
                    changes[upsert.Resource.Name] = new() { Upsert = WireFormat.ToWire(upsert.Resource) };
                    break;
                case ResourceChange.Delete delete:
                    changes[delete.Name] = new() { Delete = new() { ResourceName = delete.Name, ResourceType = delete.Type } };
                    break;
            }
        }

        if (changes.Count > 0)
            yield return new() { Changes = new() { Value = { changes.Values } } };
    }

    private static IEnumerable<WatchResourceConsoleLogsUpdate> Messages(IReadOnlyList<ConsoleLine> lines)
    {
        var message = new WatchResourceConsoleLogsUpdate();
        var chars = 0;
        foreach (var line in lines)
        {
            message.LogLines.Add(WireFormat.ToWire(line));
            chars += line.Text.Length;
            if (chars < ConsoleMessageCharsMax)
                continue;

            yield return message;
            message = new();
            chars = 0;
        }

        if (message.LogLines.Count > 0)
            yield return message;
    }

    [LoggerMessage(LogLevel.Error, "The command {Command} of {Resource} failed.")]
    private partial void LogCommandFailed(string command, string resource, Exception e);
}

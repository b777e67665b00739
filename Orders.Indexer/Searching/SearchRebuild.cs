using System.Globalization;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Jobs;
using Orders.Indexer.Projections;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Freshness;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Indexer.Searching;

/// <summary>
/// Builds the search index anew while everything goes on (docs/adr/0010-search-rebuild.md).
/// create: a spare index with its settings; note where the event stream ends, then wait until everybody can read what it has.
/// fill: all orders from the database, page by page.
/// follow: the stream since that place into the spare index, round by round, dropping what is not newer, until little is left.
/// swap: with everybody else kept out, the rest of the stream, then the exchange.
/// drop: the old index.
/// Invariants:
/// 1. A page never overwrites what the stream wrote: no page is written after the first event.
/// 2. At the exchange the spare index has every version that the live one has: everything in the live one came from the stream, is
///    behind its end when nobody writes any more, and was either readable when the pages were read or is read from the stream.
/// 3. Every step can be repeated; what was reached is in the job's progress.
/// </summary>
internal sealed partial class SearchRebuild(
    SearchIndex live, IndexExchange exchange, SearchGate gate, OrderPages pages, HotWindow window, KafkaClients kafka,
    IOptions<SearchOptions> search, IOptions<StreamOptions> streams, TimeProvider time, ILogger<SearchRebuild> logger) : IJob
{
    /// <summary>Rounds after which the gate is closed although the stream is faster.</summary>
    private const int RoundsMax = 50;

    /// <summary>Events that may be left for the time in which nobody writes.</summary>
    private const long LeftMax = 500;

    private static readonly TimeSpan CleanUpPatience = TimeSpan.FromSeconds(10);

    public string Kind => WireNames.Jobs.SearchRebuild;

    /// <summary>How far a rebuild is; also the job's progress and, in the end, its result.</summary>
    public sealed record State
    {
        public string Phase { get; init; } = "create";

        /// <summary>The spare index.</summary>
        public string Index { get; init; } = "";

        /// <summary>The last order of the last page.</summary>
        public string AfterId { get; init; } = "";

        public long Documents { get; init; }

        /// <summary>Documents that there were to write when it began.</summary>
        public long Total { get; init; }

        /// <summary>Documents that Meilisearch refuses.</summary>
        public long Rejected { get; init; }

        /// <summary>Events that were read from the stream.</summary>
        public long Followed { get; init; }

        /// <summary>By partition, where to go on in the stream.</summary>
        public Dictionary<string, long> Offsets { get; init; } = [];

        /// <summary>What the live index is once the exchange is done.</summary>
        public DateTimeOffset? Identity { get; init; }

        /// <summary>Seconds that filling took, and documents of it in a second.</summary>
        public double? FillSeconds { get; init; }

        public double? DocumentsPerSecond { get; init; }

        /// <summary>Seconds for which nobody else could write to the index.</summary>
        public double? PauseSeconds { get; init; }
    }

    public async Task RunAsync(JobContext job, CancellationToken cancel)
    {
        var state = job.Progress<State>() ?? new State { Index = WireNames.Indexes.Spare + job.Id[^12..] };
        using var tail = new StreamTail(kafka, time);
        try
        {
            if (state.Phase == "create") state = await CreateAsync(job, state, tail, cancel);
            if (state.Phase == "fill") state = await FillAsync(job, state, cancel);
            if (state.Phase == "follow") state = await FollowAsync(job, state, tail, cancel);
            if (state.Phase == "swap") state = await SwapAsync(job, state, tail, cancel);
        }
        catch (StreamGoneException gone)
        {
            LogAnew(gone.Message);
            await job.SaveAsync(new State { Index = state.Index }, cancel);
            throw;
        }
        catch (OperationCanceledException) when (job.IsCancelled && !job.IsPastCancelling)
        {
            using var patience = new CancellationTokenSource(CleanUpPatience, time);
            await exchange.DeleteAsync(state.Index, patience.Token);
            throw;
        }

        await exchange.DeleteAsync(state.Index, cancel);
        job.SetResult(state with { Phase = "done", AfterId = "", Offsets = [] });
    }

    private async Task<State> CreateAsync(JobContext job, State state, StreamTail tail, CancellationToken cancel)
    {
        // Its own too: it may be half full from before the stream was lost.
        await exchange.DeleteLeftoversAsync(except: "", cancel);
        var spare = live.Named(state.Index);
        await spare.PrepareAsync(cancel);
        state = state with
        {
            Offsets = Texts(tail.Ends()), Total = await pages.CountHotAsync(cancel), Identity = await spare.IdentityAsync(cancel),
            Phase = "fill",
        };
        await pages.SeeAllAsync(cancel);
        await job.SaveAsync(state, cancel);
        return state;
    }

    /// <summary>Two pages are under way at once: while Meilisearch works on one, the next one is read and sent.</summary>
    private async Task<State> FillAsync(JobContext job, State state, CancellationToken cancel)
    {
        var spare = live.Named(state.Index);
        var started = time.GetTimestamp();
        var (earlier, sending) = (state.FillSeconds ?? 0, Task.FromResult(state));
        for (var after = state.AfterId; ;)
        {
            var page = await pages.HotAsync(after, search.Value.RebuildPageSize, cancel);
            state = await sending;
            state = state with { FillSeconds = earlier + time.GetElapsedTime(started).TotalSeconds };
            await job.SaveAsync(state, cancel);
            LogFilled(state.Index, state.Documents, state.Total);
            if (page.Count == 0) break;
            after = page[^1].Id;
            sending = SendAsync(spare, page, state, cancel);
        }

        var perSecond = Math.Round(state.Documents / Math.Max(0.001, state.FillSeconds!.Value), 1);
        state = state with { Phase = "follow", DocumentsPerSecond = perSecond };
        await job.SaveAsync(state, cancel);
        return state;
    }

    private static async Task<State> SendAsync(SearchIndex spare, List<OrderState> page, State before, CancellationToken cancel)
    {
        var documents = page.Where(order => SearchIndex.IsDocumentId(order.Id)).Select(OrderDocument.From).ToList();
        var refused = documents.Count == 0 ? [] : await spare.ReplaceAllAsync(documents, cancel);
        return before with
        {
            AfterId = page[^1].Id,
            Documents = before.Documents + documents.Count - refused.Count,
            Rejected = before.Rejected + page.Count - documents.Count + refused.Count,
        };
    }

    private async Task<State> FollowAsync(JobContext job, State state, StreamTail tail, CancellationToken cancel)
    {
        var writer = Writer(live.Named(state.Index));
        for (var round = 0; round < RoundsMax; round++)
        {
            var ends = tail.Ends();
            var left = Left(state, ends);
            state = await CatchUpAsync(state, tail, ends, writer, cancel);
            await job.SaveAsync(state, cancel);
            LogFollowed(state.Index, state.Followed);
            if (left <= LeftMax) break;
        }

        state = state with { Phase = "swap" };
        await job.SaveAsync(state, cancel);
        return state;
    }

    private async Task<State> SwapAsync(JobContext job, State state, StreamTail tail, CancellationToken cancel)
    {
        await live.PrepareMissingAsync(cancel);
        var spare = live.Named(state.Index);
        await using var closure = await gate.CloseAsync(cancel);
        var closed = time.GetTimestamp();
        await exchange.DrainAsync(state.Index, cancel);
        var isSwapped = await live.IdentityAsync(cancel) == state.Identity;
        // After an attempt that died here the rest of the stream goes to where the spare index is by now.
        state = await CatchUpAsync(state, tail, tail.Ends(), Writer(isSwapped ? live : spare), cancel);
        if (!isSwapped)
        {
            await exchange.DrainAsync(state.Index, cancel);
            await job.SaveAsync(state, cancel);
            job.PassCancelling();
            await closure.SealAsync(search.Value.GateClosedMax, cancel);
            await closure.CheckAsync(cancel);
            await exchange.SwapAsync(state.Index, cancel);
        }

        state = state with { Phase = "drop", PauseSeconds = Math.Round(time.GetElapsedTime(closed).TotalSeconds, 3) };
        await job.SaveAsync(state, cancel);
        await closure.OpenAsync(cancel);
        LogSwapped(state.Index, state.PauseSeconds.Value);
        return state;
    }

    /// <summary>What it writes was searchable before and says nothing about how fast changes travel.</summary>
    private SearchWriter Writer(SearchIndex index) => new(index, window, new FreshnessBoard(), time, search);

    private async Task<State> CatchUpAsync(
        State state, StreamTail tail, Dictionary<int, long> ends, SearchWriter writer, CancellationToken cancel)
    {
        var (from, followed) = (Numbers(state.Offsets), state.Followed);
        foreach (var batch in tail.Read(from, ends, streams.Value.BatchEventsMax, streams.Value.BatchBytesMax, cancel))
        {
            await writer.ApplyAsync(batch, cancel);
            followed += batch.Taken;
        }

        return state with { Offsets = Texts(ends), Followed = followed };
    }

    private static long Left(State state, Dictionary<int, long> ends)
    {
        var from = Numbers(state.Offsets);
        return ends.Sum(end => Math.Max(0, end.Value - from.GetValueOrDefault(end.Key)));
    }

    private static Dictionary<string, long> Texts(Dictionary<int, long> offsets) =>
        offsets.ToDictionary(entry => entry.Key.ToString(CultureInfo.InvariantCulture), entry => entry.Value, StringComparer.Ordinal);

    private static Dictionary<int, long> Numbers(Dictionary<string, long> offsets) =>
        offsets.ToDictionary(entry => int.Parse(entry.Key, CultureInfo.InvariantCulture), entry => entry.Value);

    [LoggerMessage(LogLevel.Information, "Rebuild of search: {Index} has {Documents} of {Total} documents")]
    private partial void LogFilled(string index, long documents, long total);

    [LoggerMessage(LogLevel.Information, "Rebuild of search: {Index} has followed {Events} events")]
    private partial void LogFollowed(string index, long events);

    [LoggerMessage(LogLevel.Information, "Rebuild of search: {Index} is live; nobody could write for {Seconds} s")]
    private partial void LogSwapped(string index, double seconds);

    [LoggerMessage(LogLevel.Warning, "Rebuild of search begins again: {Reason}")]
    private partial void LogAnew(string reason);
}

using System.Diagnostics.Metrics;
using Orders.ServiceDefaults.Freshness;

namespace Orders.Indexer;

/// <summary>Every instrument of this process. Tags are bounded: projection, partition, reason; never an id.</summary>
internal sealed class IndexerMetrics
{
    /// <summary>From a few milliseconds (an idle system) to ten minutes (a backlog after an outage).</summary>
    private static readonly double[] FreshnessSeconds =
        [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 120, 300, 600];

    private static readonly double[] DurationSeconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private static readonly long[] Sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

    private readonly Histogram<long> _batchSize;
    private readonly Histogram<double> _batchDuration;
    private readonly Histogram<double> _freshness;
    private readonly Counter<long> _documents;
    private readonly Counter<long> _older;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _restarts;
    private readonly Counter<long> _jobs;
    private readonly Counter<long> _orphans;

    private readonly FreshnessBoard _board;

    public IndexerMetrics(IMeterFactory meters, LagBoard lag, FreshnessBoard board)
    {
        _board = board;
        var meter = meters.Create(IndexerTelemetry.Name);
        meter.CreateObservableGauge(
            "orders.indexer.lag", lag.Records, "{event}", "Events between what is durable and the end of the partition");
        meter.CreateObservableGauge(
            "orders.indexer.lag.time", lag.Seconds, "s",
            "Age of the oldest event that is not yet durable; 0 when there is none");
        _batchSize = meter.CreateHistogram("orders.indexer.batch.size", "{event}", "Events in a batch",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = Sizes });
        _batchDuration = meter.CreateHistogram("orders.indexer.batch.duration", "s", "From taking a batch to its being durable",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationSeconds });
        _freshness = meter.CreateHistogram(
            "orders.indexer.freshness", "s",
            "From the commit of a change to its being durable in the target (searchable, cached)",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = FreshnessSeconds });
        _documents = meter.CreateCounter<long>("orders.indexer.documents", "{document}", "Documents written");
        _older = meter.CreateCounter<long>(
            "orders.indexer.older_dropped", "{event}", "Events dropped because the same or a newer version was there");
        _deadLetters = meter.CreateCounter<long>("orders.indexer.dead_letters", "{event}", "Events given up, by reason");
        _retries = meter.CreateCounter<long>(
            "orders.indexer.retries", "{try}", "Batches that had to be tried again because a server failed");
        _restarts = meter.CreateCounter<long>("orders.indexer.consumer_restarts", "{restart}", "Consumers thrown away and made anew");
        _jobs = meter.CreateCounter<long>(
            "orders.indexer.jobs", "{job}", "Attempts at jobs that have ended, by kind and outcome");
        _orphans = meter.CreateCounter<long>(
            "orders.archive.orphans_removed", "{file}", "Files without a manifest that were removed from the archive");
    }

    public void ArchiveOrphan() => _orphans.Add(1);

    public void Batch(string projection, int events, TimeSpan duration)
    {
        _batchSize.Record(events, Tag(projection));
        _batchDuration.Record(duration.TotalSeconds, Tag(projection));
    }

    /// <param name="projection">Where the change is durable.</param>
    /// <param name="sinceCommit">Null when it says nothing about how fast changes travel.</param>
    public void Written(string projection, TimeSpan? sinceCommit)
    {
        _documents.Add(1, Tag(projection));
        if (sinceCommit is not { } delay) return;
        _freshness.Record(Math.Max(0, delay.TotalSeconds), Tag(projection));
        _board.Record(projection, delay);
    }

    public void OlderDropped(string projection, int events)
    {
        if (events > 0) _older.Add(events, Tag(projection));
    }

    public void DeadLetter(string projection, string reason) =>
        _deadLetters.Add(1, Tag(projection), new KeyValuePair<string, object?>("reason", reason));

    public void Retry(string projection) => _retries.Add(1, Tag(projection));

    public void Restart(string projection) => _restarts.Add(1, Tag(projection));

    public void Job(string kind, string outcome) =>
        _jobs.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));

    private static KeyValuePair<string, object?> Tag(string projection) => new("projection", projection);
}

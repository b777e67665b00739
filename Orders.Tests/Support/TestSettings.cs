using System.Globalization;

namespace Orders.Tests.Support;

/// <summary>What the services are told otherwise than their defaults while they are tested: mostly seconds instead of minutes.</summary>
internal static class TestSettings
{
    /// <summary>So little that a test can have an order that is full.</summary>
    public const int OrderEventBytesMax = 300_000;

    /// <summary>Environment variables by name.</summary>
    /// <param name="traces">Where traces are sent to.</param>
    /// <param name="archive">The archive's folder.</param>
    public static Dictionary<string, string> Of(string traces, string archive) => new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = traces,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
        ["Orders__Outbox__ConfirmInterval"] = OrdersApplication.ConfirmInterval.ToString("c", CultureInfo.InvariantCulture),
        ["Orders__Outbox__HeartbeatInterval"] = "00:00:02",
        ["Orders__Changes__HeartbeatInterval"] = "00:00:01",
        // Few, so that a test can take all of them.
        ["Orders__Changes__StreamsMax"] = OrdersApplication.StreamsMax.ToString(CultureInfo.InvariantCulture),
        ["Orders__Api__OrderEventBytesMax"] = OrderEventBytesMax.ToString(CultureInfo.InvariantCulture),
        // Classes that import run beside each other.
        ["Orders__Bulk__ImportsMax"] = "12",
        ["Orders__Reservations__SweepInterval"] = "00:00:00.500",
        ["Orders__Access__LastUsedInterval"] = "00:00:01",
        // Tests without a key run beside each other, and all from one address.
        ["Orders__Access__AnonymousRequestsPerSecond"] = "1000",
        ["Orders__Access__AnonymousBurst"] = "1000",
        ["Orders__Inbound__ResendAfter"] = "00:00:02",
        ["Orders__Explaining__PendingMax"] = "00:00:01",
        ["Orders__Inbound__SweepInterval"] = "00:00:01",
        ["Orders__Access__KeyCacheTimeToLive"] = OrdersApplication.KeyCacheTimeToLive.ToString("c", CultureInfo.InvariantCulture),
        // Small batches, so that a backlog lasts long enough to be disturbed.
        ["Orders__Indexer__Streams__BatchEventsMax"] = "200",
        // Who is killed is missed soon: Kafka's own configuration may go below what the options allow, where the broker lets it
        // (group.min.session.timeout.ms). What has to be shorter or longer than a session follows.
        ["Aspire__Confluent__Kafka__Consumer__Config__SessionTimeoutMs"] = "4000",
        ["Orders__Indexer__Streams__PollGapMax"] = "00:00:03",
        ["Orders__Indexer__Streams__DoubtFor"] = "00:00:02",
        ["Orders__Indexer__Streams__DrainMax"] = "00:00:02",
        // Pages so small that a rebuild has many steps; tests say when orders leave the hot window.
        ["Orders__Indexer__Search__RebuildPageSize"] = "250",
        ["Orders__Indexer__Drift__RepairSize"] = "100",
        ["Orders__Indexer__Analytics__RebuildOrdersMax"] = "100",
        ["Orders__Indexer__Search__WindowInterval"] = "00:00:00",
        ["Orders__Indexer__Search__TasksKeptFor"] = "00:00:10",
        ["Orders__Indexer__Search__TaskPruneInterval"] = "00:00:02",
        // Tests that look for drift do so themselves: others leave documents without orders.
        ["Orders__Indexer__Drift__PassInterval"] = "00:00:00",
        ["Orders__Indexer__Drift__Tolerance"] = "00:00:02",
        ["Orders__Indexer__Drift__SettleFor"] = "00:00:01",
        ["Orders__Indexer__Drift__BucketPause"] = "00:00:00.010",
        ["Orders__Indexer__Jobs__PollInterval"] = "00:00:00.200",
        ["Orders__Indexer__Jobs__Lease"] = "00:00:03",
        ["Orders__Indexer__Jobs__HousekeepingInterval"] = "00:00:02",
        ["Orders__Archive__Path"] = archive,
        ["Orders__Archive__FileAgeMax"] = "00:00:01",
        ["Orders__Archive__FileEventsMax"] = "200",
        ["Orders__DataCatalog__CacheFor"] = "00:00:00",
        // A busy machine must not turn a write of the cache into a miss: tests say what is cached, not how quickly.
        ["Orders__Cache__Timeout"] = "00:00:03",
        // Webhooks in seconds instead of hours.
        ["Orders__Indexer__Webhooks__Timeout"] = "00:00:02",
        ["Orders__Indexer__Webhooks__Lease"] = "00:00:06",
        ["Orders__Indexer__Webhooks__PollInterval"] = "00:00:00.200",
        ["Orders__Indexer__Webhooks__RetryFirst"] = "00:00:00.100",
        ["Orders__Indexer__Webhooks__RetryMax"] = "00:00:01",
        ["Orders__Indexer__Webhooks__AttemptsMax"] = "12",
        ["Orders__Indexer__Webhooks__HoldFirst"] = "00:00:00.100",
        ["Orders__Indexer__Webhooks__HoldMax"] = "00:00:00.400",
        ["Orders__Indexer__Webhooks__RecordedRowsMax"] = "100",
        ["Orders__Indexer__Webhooks__HousekeepingInterval"] = "00:00:01",
    };
}

namespace Orders.Contracts;

/// <summary>Every name that crosses a process: resources, topics, groups, indexes, cache keys. Nowhere else are they spelled out.</summary>
public static class WireNames
{
    /// <summary>Connection names: what the AppHost calls its resources.</summary>
    public static class Connections
    {
        public const string OrdersDb = "ordersdb";
        public const string Cache = "cache";
        public const string Kafka = "kafka";
        public const string Search = "search";
        public const string Api = "api";
    }

    public static class Topics
    {
        /// <summary>Every change of every order; key = order id, value = <see cref="OrderEvent"/>.</summary>
        public const string OrderEvents = "orders.events";

        /// <summary>Events that a projection can never use; value = <see cref="DeadLetter"/>.</summary>
        public const string OrderEventsDeadLetter = "orders.events.dead-letter";

        /// <summary>What others ask of Orders; key = whatever has to stay in order, value = <see cref="InboundCommand"/>.</summary>
        public const string Inbound = "orders.inbound";

        /// <summary>What was asked and can never be done; value = <see cref="DeadLetter"/>.</summary>
        public const string InboundDeadLetter = "orders.inbound.dead-letter";
    }

    public static class Groups
    {
        public const string Search = "orders-search";
        public const string Cache = "orders-cache";
        public const string Inbound = "orders-inbound";
        public const string Webhooks = "orders-webhooks";
        public const string Analytics = "orders-analytics";
        public const string Archive = "orders-archive";

        /// <summary>Copies dead letters into the database.</summary>
        public const string DeadLetters = "orders-dead-letters";

        /// <summary>Names the consumers of rebuilds; nothing is committed for it.</summary>
        public const string SearchRebuild = "orders-search-rebuild";
    }

    public static class Indexes
    {
        public const string Orders = "orders";

        /// <summary>What an index is called while it is made, and an exchanged one until it is deleted, begins so.</summary>
        public const string Spare = "orders-";
    }

    /// <summary>Kinds of long work: the api writes it down in the table <c>jobs</c>, an indexer does it.</summary>
    public static class Jobs
    {
        /// <summary>The search index anew from the database, under live writes.</summary>
        public const string SearchRebuild = "search-rebuild";

        /// <summary>Orders that have become too old leave the search index.</summary>
        public const string SearchWindow = "search-window";

        /// <summary>The database against everything that was made from it.</summary>
        public const string Verify = "verify";

        /// <summary>Orders once more through the stream or into one target.</summary>
        public const string Replay = "replay";

        /// <summary>Facts and rollups anew from the database, while the stream goes on.</summary>
        public const string AnalyticsRebuild = "analytics-rebuild";

        /// <summary>The archive against its manifests.</summary>
        public const string ArchiveVerify = "archive-verify";
    }

    public static class Outbox
    {
        public const string Slot = "orders_relay";
        public const string Publication = "orders_outbox";

        /// <summary>Postgres' notification that the change feed has grown; the payload is its newest position.</summary>
        public const string ChangesChannel = "order_changes";

        /// <summary>Prefix of the logical messages that keep an idle slot moving.</summary>
        public const string Heartbeat = "orders.heartbeat";
    }

    public static class Headers
    {
        public const string CloudEventsContentType = "application/cloudevents+json";

        /// <summary>On every webhook: the event's id, the same at every try.</summary>
        public const string WebhookId = "webhook-id";

        /// <summary>Seconds since 1970 at which this try was signed.</summary>
        public const string WebhookTimestamp = "webhook-timestamp";

        /// <summary><c>v1,</c> and the base 64 of HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>; several, separated by spaces.</summary>
        public const string WebhookSignature = "webhook-signature";
    }

    /// <summary>The webhook type of alarms of the system itself; no order's event has it, and <c>*</c> does not stand for it.</summary>
    public const string SystemAlarm = "system.alarm";

    public static string CacheKey(string orderId) => "order:" + orderId;
}

namespace Orders.LocalServers;

/// <summary>The configuration files of Kafka and ZooKeeper.</summary>
internal static class KafkaSettings
{
    // Silenced: what both say of every closed connection and, at every start of a single broker, of every partition that has no
    // leader before that broker has registered itself.
    public const string Logging = """
        log4j.rootLogger=INFO, console
        log4j.appender.console=org.apache.log4j.ConsoleAppender
        log4j.appender.console.layout=org.apache.log4j.PatternLayout
        log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %p %m (%c{1})%n
        log4j.logger.kafka=INFO
        log4j.logger.kafka.network.RequestChannel$=WARN
        log4j.logger.kafka.request.logger=WARN
        log4j.logger.kafka.log.LogCleaner=WARN
        log4j.logger.kafka.server.KafkaConfig=WARN
        log4j.logger.org.apache.kafka.common.config.AbstractConfig=WARN
        log4j.logger.org.apache.zookeeper=WARN
        log4j.logger.org.apache.zookeeper.server.NIOServerCnxn=FATAL
        log4j.logger.org.apache.zookeeper.server.quorum.QuorumPeerMain=ERROR
        log4j.logger.org.I0Itec.zkclient=WARN
        log4j.logger.state.change.logger=FATAL

        """;

    // One tick is the unit of session time-outs: 2 to 20 ticks.
    public static string ZooKeeper(string dataDirectory, int port) =>
        FormattableString.Invariant($"""
            tickTime=1000
            dataDir={dataDirectory}/zookeeper
            clientPort={port}
            clientPortAddress=127.0.0.1
            maxClientCnxns=60
            autopurge.snapRetainCount=3
            autopurge.purgeInterval=1

            """);

    // Why these differ from Kafka's defaults:
    // offsets.topic.num.partitions: 50 compacted partitions for one small machine only lengthen the start.
    // offsets.retention.minutes: the default of one day would forget the place of a consumer that rested over a weekend.
    // log.index.size.max.bytes: enough for a segment of this size; the whole of it is allocated and, after a crash, read again.
    // log.cleaner.dedupe.buffer.size: the default of 128 MB is half of the heap.
    // advertised.*: with a new port at every start, clients must be told the current one.
    public static string Broker(string dataDirectory, int port, int zooKeeperPort, int partitions) =>
        FormattableString.Invariant($"""
            broker.id=0
            listeners=PLAINTEXT://127.0.0.1:{port}
            advertised.host.name=127.0.0.1
            advertised.port={port}
            log.dirs={dataDirectory}/topics
            zookeeper.connect=127.0.0.1:{zooKeeperPort}
            zookeeper.connection.timeout.ms=60000
            zookeeper.session.timeout.ms=10000
            num.partitions={partitions}
            auto.create.topics.enable=true
            delete.topic.enable=true
            default.replication.factor=1
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=6
            offsets.retention.minutes=20160
            log.retention.hours=168
            log.segment.bytes=134217728
            log.index.size.max.bytes=1048576
            log.cleaner.enable=true
            log.cleaner.dedupe.buffer.size=8388608
            message.max.bytes=4194304
            replica.fetch.max.bytes=4194304
            group.min.session.timeout.ms=1000
            group.max.session.timeout.ms=300000
            num.recovery.threads.per.data.dir=2
            num.network.threads=2
            num.io.threads=4
            background.threads=2
            controlled.shutdown.enable=false
            auto.leader.rebalance.enable=false

            """);
}

using System.Globalization;
using Orders.Native.Servers.Setup;

namespace Orders.Native.Servers;

/// <summary>
/// Apache Kafka 0.9.0.1, one broker with id 0, and its ZooKeeper 3.4.6: both on 127.0.0.1 only, their data in one folder.
/// </summary>
public static class KafkaServer
{
    public const int DefaultPartitions = 6;

    /// <summary>Writes the configuration and returns the command lines.</summary>
    /// <param name="tools">The unpacked programs.</param>
    /// <param name="dataDirectory">Full path; created when missing. Data of an earlier start is kept, also after kill -9.</param>
    /// <param name="port">A free port for the broker; may differ from start to start.</param>
    /// <param name="zooKeeperPort">A free port for ZooKeeper.</param>
    /// <param name="partitions">Partitions of a topic that is created by its first use.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    public static async Task<KafkaProcesses> PrepareAsync(
        NativeToolset tools, string dataDirectory, int port, int zooKeeperPort, int partitions, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(dataDirectory, FileModes.OwnerOnly);
        var folder = Directory.CreateDirectory(Path.Combine(dataDirectory, "config")).FullName;
        var zooKeeper = Path.Combine(folder, "zookeeper.properties");
        var broker = Path.Combine(folder, "broker.properties");
        var logging = Path.Combine(folder, "log4j.properties");
        await File.WriteAllTextAsync(zooKeeper, KafkaSettings.ZooKeeper(dataDirectory, zooKeeperPort), cancellationToken);
        await File.WriteAllTextAsync(broker, KafkaSettings.Broker(dataDirectory, port, zooKeeperPort, partitions), cancellationToken);
        await File.WriteAllTextAsync(logging, KafkaSettings.Logging, cancellationToken);

        string[] java(string memory, params string[] mainAndArguments) =>
        [
            memory, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
            "-Djava.awt.headless=true", "-Djava.net.preferIPv4Stack=true", $"-Dlog4j.configuration=file:{logging}",
            "-cp", Path.Combine(tools.KafkaLibs, "*"), .. mainAndArguments,
        ];
        string[] wait = ["--forget-broker", zooKeeperPort.ToString(CultureInfo.InvariantCulture), "--", tools.JavaPath];
        var zooKeeperLine = java("-Xmx96m", "org.apache.zookeeper.server.quorum.QuorumPeerMain", zooKeeper);
        string[] brokerLine = [.. wait, .. java("-Xmx256m", "kafka.Kafka", broker)];
        return new KafkaProcesses(
            Process("zookeeper", tools.JavaPath, zooKeeperLine, dataDirectory),
            Process("kafka", tools.LauncherPath, brokerLine, dataDirectory));
    }

    private static ServerProcess Process(string name, string command, string[] arguments, string folder) =>
        new(name, command, arguments, new Dictionary<string, string>(), folder);
}

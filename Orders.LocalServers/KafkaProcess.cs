using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orders.LocalServers.Downloads;

namespace Orders.LocalServers;

/// <summary>
/// Apache Kafka 0.9.0.1, one broker with id 0 on 127.0.0.1, and its ZooKeeper 3.4.6, a resource of its own beside it; the data of
/// both lie in one folder.
/// </summary>
internal sealed class KafkaProcess : IServerProcess
{
    private const int Partitions = 6;

    private readonly KafkaServerResource _server;
    private readonly LocalFolders _folders;
    private readonly Toolset _tools;
    private readonly int _zooKeeperPort = FreePort.Next();

    private KafkaProcess(KafkaServerResource server, LocalFolders folders, Toolset tools) =>
        (_server, _folders, _tools) = (server, folders, tools);

    private string Data => Directory.CreateDirectory(_folders.DataOf(_server), FileModes.OwnerOnly).FullName;

    /// <summary>Adds ZooKeeper to the model and tells the server's clients how old it is.</summary>
    public static KafkaProcess Add(
        DistributedApplicationModel model, KafkaServerResource server, LocalFolders folders, Toolset tools, OldBroker clients)
    {
        var process = new KafkaProcess(server, folders, tools);
        var keeper = process.ZooKeeper();
        model.Resources.Insert(model.Resources.IndexOf(server) + 1, keeper);
        server.Annotations.Add(new WaitAnnotation(keeper, WaitType.WaitUntilStarted));
        clients.Tell(model, server);
        return process;
    }

    public async Task<Start> PrepareAsync(IReadOnlyList<object> given, ILogger log, CancellationToken cancel)
    {
        var broker = Path.Combine(Data, "broker.properties");
        await File.WriteAllTextAsync(broker, KafkaSettings.Broker(Data, _server.PrimaryEndpoint.Port, _zooKeeperPort, Partitions), cancel);
        await ZooKeeperNodes.ForgetBrokerAsync(_zooKeeperPort, cancel);
        return new Start(_tools.JavaPath, Java("-Xmx256m", "kafka.Kafka", broker));
    }

    /// <summary>The image's own settings say nothing to a process with a file of its own.</summary>
    public void Configure(Dictionary<string, object> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("KAFKA_", StringComparison.Ordinal)).ToArray())
            environment.Remove(name);
    }

    private ExecutableResource ZooKeeper()
    {
        var keeper = new ExecutableResource($"{_server.Name}-zookeeper", _tools.JavaPath, _folders.Root);
        keeper.Annotations.Add(new EndpointAnnotation(ProtocolType.Tcp, name: "tcp", isProxied: false)
        {
            TargetPort = _zooKeeperPort, TargetHost = "127.0.0.1",
        });
        keeper.Annotations.Add(new ResourceRelationshipAnnotation(_server, "Parent"));
        keeper.Annotations.Add(new CommandLineArgsCallbackAnnotation(async context =>
        {
            var file = Path.Combine(Data, "zookeeper.properties");
            await File.WriteAllTextAsync(file, KafkaSettings.ZooKeeper(Data, _zooKeeperPort), context.CancellationToken);
            await File.WriteAllTextAsync(Logging, KafkaSettings.Logging, context.CancellationToken);
            foreach (var argument in Java("-Xmx96m", "org.apache.zookeeper.server.quorum.QuorumPeerMain", file)) context.Args.Add(argument);
        }));
        return keeper;
    }

    private string Logging => Path.Combine(Data, "log4j.properties");

    private string[] Java(string memory, string main, string file) =>
    [
        memory, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto",
        "-Djava.awt.headless=true", "-Djava.net.preferIPv4Stack=true", $"-Dlog4j.configuration=file:{Logging}",
        "-cp", Path.Combine(_tools.KafkaLibs, "*"), main, file,
    ];
}

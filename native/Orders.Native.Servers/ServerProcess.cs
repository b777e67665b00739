namespace Orders.Native.Servers;

/// <summary>A server that is ready to be started: a plain command line, no shell involved. SIGTERM stops it cleanly.</summary>
/// <param name="Name">Short name, such as <c>postgres</c>.</param>
/// <param name="Command">Full path of the executable.</param>
/// <param name="Arguments">Arguments, one element each.</param>
/// <param name="Environment">Variables to add to the inherited environment.</param>
/// <param name="WorkingDirectory">An existing folder to start in.</param>
public sealed record ServerProcess(
    string Name,
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory);

/// <summary>
/// Kafka's two processes. They may be started at the same time: the broker waits for its ZooKeeper (at most 60 s).
/// </summary>
public sealed record KafkaProcesses(ServerProcess ZooKeeper, ServerProcess Broker);

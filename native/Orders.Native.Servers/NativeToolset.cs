using Orders.Native.Servers.Setup;

namespace Orders.Native.Servers;

/// <summary>The unpacked programs of the native stack.</summary>
public sealed class NativeToolset
{
    internal NativeToolset(NativeLayout layout, ToolFolders folders, string javaPath)
    {
        Layout = layout;
        JavaPath = javaPath;
        DcpPath = Path.Combine(folders.Aspire, "dcp", "dcp");
        DashboardPath = Path.Combine(folders.Aspire, "managed", "aspire-managed");
        PostgresBin = Path.Combine(folders.Postgres, "bin");
        MeilisearchPath = Path.Combine(folders.Meilisearch, "meilisearch");
        GarnetDll = Path.Combine(folders.Garnet, "GarnetServer.dll");
        KafkaLibs = Path.Combine(folders.Kafka, "libs");
        LibRdKafkaPath = Path.Combine(folders.LibRdKafka, "librdkafka.so.1");
        LauncherPath = Path.Combine(folders.Launcher, "orders-run");
    }

    public NativeLayout Layout { get; }

    /// <summary>The orchestrator's executable.</summary>
    public string DcpPath { get; }

    /// <summary>The Aspire dashboard's executable; its first argument is <c>dashboard</c>.</summary>
    public string DashboardPath { get; }

    /// <summary>The folder of <c>postgres</c> and <c>initdb</c>.</summary>
    public string PostgresBin { get; }

    public string MeilisearchPath { get; }

    /// <summary>To be run by <see cref="DotnetPath"/>.</summary>
    public string GarnetDll { get; }

    /// <summary>The folder of Kafka's and ZooKeeper's jars.</summary>
    public string KafkaLibs { get; }

    public string JavaPath { get; }

    /// <summary>The <c>dotnet</c> that runs this very process' runtime.</summary>
    public string DotnetPath { get; } = Machine.DotnetPath;

    /// <summary>The shared library that Confluent.Kafka calls.</summary>
    public string LibRdKafkaPath { get; }

    /// <summary>The small program that stands before Postgres and Kafka (see <c>Launcher/orders-run.c</c>).</summary>
    public string LauncherPath { get; }

    /// <summary>
    /// Makes sure that everything is unpacked. The first call of a clone fetches and builds (about a minute); later calls only look.
    /// Safe to be called by several processes at once; what an interrupted call left behind is built anew.
    /// </summary>
    /// <param name="layout">Where to unpack.</param>
    /// <param name="nativeSourceDirectory">The <c>native</c> folder of the clone; its <c>packages</c> folder pins the versions.</param>
    /// <param name="progress">Receives one line of text per step.</param>
    /// <param name="cancellationToken">Ends the running steps and their processes.</param>
    /// <exception cref="MissingToolsException">The machine lacks something.</exception>
    public static Task<NativeToolset> EnsureAsync(
        NativeLayout layout, string nativeSourceDirectory, IProgress<string> progress, CancellationToken cancellationToken) =>
        new ToolsetSetup(layout, Path.Combine(nativeSourceDirectory, "packages"), progress).EnsureAsync(cancellationToken);
}

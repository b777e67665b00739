using System.Reflection;

namespace Orders.LocalServers.Downloads;

/// <summary>The programs of the servers, ready to be started.</summary>
internal sealed class Toolset
{
    internal Toolset(ToolFolders folders)
    {
        PostgresBin = Path.Combine(folders.Postgres, "bin");
        MeilisearchPath = Path.Combine(folders.Meilisearch, "meilisearch");
        KafkaLibs = Path.Combine(folders.Kafka, "libs");
    }

    /// <summary>The folder of <c>postgres</c> and <c>initdb</c>.</summary>
    public string PostgresBin { get; }

    public string MeilisearchPath { get; }

    /// <summary>The folder of Kafka's and ZooKeeper's jars.</summary>
    public string KafkaLibs { get; }

    public string JavaPath { get; } = Machine.JavaPath;

    /// <summary>The <c>dotnet</c> that runs this very process' runtime.</summary>
    public string DotnetPath { get; } = Machine.DotnetPath;

    /// <summary>To be run by <see cref="DotnetPath"/>, from where the restore of this project has put it.</summary>
    public string GarnetDll { get; } = GarnetOfPackage();

    /// <summary>
    /// Makes sure that everything is unpacked. The first call of a clone fetches (under a minute); later calls only look.
    /// Several processes may call at once; the next call repeats a step that an earlier one did not finish.
    /// </summary>
    /// <param name="folder">Where to unpack.</param>
    /// <param name="progress">Receives one line of text per step.</param>
    /// <param name="cancel">Ends the running steps and their processes.</param>
    /// <exception cref="MissingToolsException">The machine lacks something.</exception>
    public static Task<Toolset> EnsureAsync(string folder, IProgress<string> progress, CancellationToken cancel) =>
        new ToolsetSetup(folder, progress).EnsureAsync(cancel);

    private static string GarnetOfPackage()
    {
        var file = typeof(Toolset).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "Garnet").Value!;
        return File.Exists(file) ? file : throw new MissingToolsException(
            $"NuGet's package folder has no {file}. Run 'dotnet restore --force', then start again.");
    }
}

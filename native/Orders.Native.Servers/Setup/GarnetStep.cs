using System.Reflection;

namespace Orders.Native.Servers.Setup;

/// <summary>
/// Copies Garnet out of the package that the restore of this project brought into NuGet's cache. The package carries seven platforms
/// (347 MB); the copy is the portable build with the native libraries of Linux x64 (27 MB).
/// </summary>
internal static class GarnetStep
{
    public static string Version => Metadata("GarnetVersion");

    public static Task<string> BuildAsync(string staging, CancellationToken cancellationToken)
    {
        var package = Path.Combine(Metadata("GarnetPackage"), "tools", "net10.0", "any");
        if (!Directory.Exists(package))
        {
            throw new DirectoryNotFoundException(
                $"NuGet's cache has lost the package garnet-server {Version} ({package}). Run dotnet restore --force, then start again.");
        }

        var finished = Path.Combine(staging, "garnet");
        var libraries = Path.Combine("runtimes", "linux-x64", "native");
        foreach (var folder in new[] { "", libraries })
        {
            cancellationToken.ThrowIfCancellationRequested();
            CopyFiles(Path.Combine(package, folder), Path.Combine(finished, folder));
        }

        return Task.FromResult(finished);
    }

    private static string Metadata(string key) =>
        typeof(GarnetStep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;

    private static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(file => !file.EndsWith(".xml", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}

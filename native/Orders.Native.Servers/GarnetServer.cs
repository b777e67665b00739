using System.Text.Json;
using Orders.Native.Servers.Setup;

namespace Orders.Native.Servers;

/// <summary>Garnet 2.2.5, which speaks the Redis protocol: 127.0.0.1 only, password, scripts (Lua) on.</summary>
public static class GarnetServer
{
    /// <summary>Writes the configuration and returns the command line.</summary>
    /// <param name="tools">The unpacked programs.</param>
    /// <param name="dataDirectory">
    /// Full path for an append-only file that is read back at the next start; null keeps everything in memory, as Redis without a
    /// data volume does.
    /// </param>
    /// <param name="port">A free port.</param>
    /// <param name="password">The password of the default user; null for none.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    public static async Task<ServerProcess> PrepareAsync(
        NativeToolset tools, string? dataDirectory, int port, string? password, CancellationToken cancellationToken)
    {
        var home = dataDirectory ?? Path.Combine(tools.Layout.Root, "run", FormattableString.Invariant($"garnet-{port}"));
        Directory.CreateDirectory(home, FileModes.OwnerOnly);
        var settings = Path.Combine(home, "garnet.json");
        await WriteSettingsAsync(settings, Settings(dataDirectory, port, password), cancellationToken);
        // The tool's own runtime settings ask for the server collector, which takes several times the memory at this size.
        var environment = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0" };
        return new ServerProcess("garnet", tools.DotnetPath, [tools.GarnetDll, "--config-import-path", settings], environment, home);
    }

    // Names are those of Garnet's own configuration file. A file rather than arguments, because every user can read arguments.
    private static Dictionary<string, object> Settings(string? dataDirectory, int port, string? password)
    {
        var settings = new Dictionary<string, object>
        {
            ["Address"] = "127.0.0.1",
            ["Port"] = port,
            ["LogMemorySize"] = "128m",
            ["PageSize"] = "4m",
            ["IndexSize"] = "16m",
            ["EnableLua"] = true,
        };
        if (!string.IsNullOrEmpty(password))
        {
            settings["AuthenticationMode"] = "Password";
            settings["Password"] = password;
        }

        if (dataDirectory is not null)
        {
            settings["EnableAOF"] = true;
            settings["AofMemorySize"] = "32m";
            settings["AofPageSize"] = "8m";
            settings["CommitFrequencyMs"] = 1000;
            settings["CheckpointDir"] = dataDirectory;
            settings["LogDir"] = dataDirectory;
            settings["Recover"] = true;
            settings["CheckpointFrequency"] = 300;
        }

        return settings;
    }

    private static async Task WriteSettingsAsync(string path, Dictionary<string, object> settings, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var stream = new FileStream(path, options);
        await JsonSerializer.SerializeAsync(stream, settings, cancellationToken: cancellationToken);
    }
}

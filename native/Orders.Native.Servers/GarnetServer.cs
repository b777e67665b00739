using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Orders.Native.Servers.Setup;

namespace Orders.Native.Servers;

/// <summary>Garnet 2.2.5, which speaks the Redis protocol: 127.0.0.1 only, password, scripts (Lua) on.</summary>
public static class GarnetServer
{
    /// <summary>Writes the configuration and returns the command line.</summary>
    /// <param name="tools">The unpacked programs.</param>
    /// <param name="dataDirectory">
    /// Full path for an append-only file that is read back at the next start, also after kill -9; null keeps everything in memory,
    /// as Redis without a data volume does.
    /// </param>
    /// <param name="port">A free port.</param>
    /// <param name="password">The password of the default user; null for none.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    public static async Task<ServerProcess> PrepareAsync(
        NativeToolset tools, string? dataDirectory, int port, string? password, CancellationToken cancellationToken)
    {
        var home = dataDirectory ?? Path.Combine(tools.Layout.Root, "run");
        Directory.CreateDirectory(home, FileModes.OwnerOnly);
        var settings = await WriteSettingsAsync(home, Settings(dataDirectory, password), cancellationToken);
        string[] arguments = [tools.GarnetDll, "--port", port.ToString(CultureInfo.InvariantCulture), "--config-import-path", settings];
        // The tool's own runtime settings ask for the server collector, which takes several times the memory at this size.
        var environment = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0" };
        return new ServerProcess("garnet", tools.DotnetPath, arguments, environment, home);
    }

    // Names are those of Garnet's own configuration file.
    private static Dictionary<string, object> Settings(string? dataDirectory, string? password)
    {
        // Memory beyond the limit evicts the oldest entries, as a cache does: 128 MB hold 126k values of 1 KB, then 239 MB are resident.
        var settings = new Dictionary<string, object>
        {
            ["Address"] = "127.0.0.1",
            ["LogMemorySize"] = "128m",
            ["PageSize"] = "4m",
            ["IndexMemorySize"] = "16m",
            ["EnableLua"] = true,
        };
        if (!string.IsNullOrEmpty(password))
        {
            settings["AuthenticationMode"] = "Password";
            settings["Password"] = password;
        }

        if (dataDirectory is not null)
        {
            // RandomAccess is the device in managed code; the default one wants libaio and, without it, hangs at the first write.
            // Frequency 0 writes the log with every command (184 us per SET, 86 us with a write per second): Garnet does not write the
            // rest when it is stopped, and a value that comes back older than it was is worse for a cache than one that is gone.
            // A log beyond its limit is replaced by a checkpoint: the disk holds the limit and about the memory's size twice.
            settings["EnableAOF"] = true;
            settings["DeviceType"] = "RandomAccess";
            settings["AofMemorySize"] = "32m";
            settings["AofPageSize"] = "8m";
            settings["AofSegmentSize"] = "16m";
            settings["AofSizeLimit"] = "64m";
            settings["CommitFrequencyMs"] = 0;
            settings["CheckpointDir"] = dataDirectory;
            settings["Recover"] = true;
        }

        return settings;
    }

    // A file rather than arguments, because every user can read arguments. Named by its content: the same settings are one file,
    // and a file that a running server was started from stays for its next restart.
    private static async Task<string> WriteSettingsAsync(
        string folder, Dictionary<string, object> settings, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(settings);
        var path = Path.Combine(folder, $"garnet-{Convert.ToHexStringLower(SHA256.HashData(content))[..8]}.json");
        var aside = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var stream = new FileStream(aside, options))
        {
            await stream.WriteAsync(content, cancellationToken);
        }

        File.Move(aside, path, overwrite: true);
        return path;
    }
}

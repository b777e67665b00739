using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orders.LocalServers.Downloads;

namespace Orders.LocalServers;

/// <summary>Garnet 2.2.8, which speaks the Redis protocol: 127.0.0.1 only, password, scripts (Lua) on, everything in memory.</summary>
internal sealed class GarnetProcess(RedisResource server, LocalFolders folders, Toolset tools) : IServerProcess
{
    // Redis' own arguments (redis-server --requirepass ...) say nothing to Garnet.
    public async Task<Start> PrepareAsync(IReadOnlyList<object> given, ILogger log, CancellationToken cancel)
    {
        var settings = new Dictionary<string, object>
        {
            ["Address"] = "127.0.0.1",
            // Memory beyond the limit evicts the oldest entries, as a cache does: 128 MB hold 126k values of 1 KB (239 MB resident).
            ["LogMemorySize"] = "128m",
            ["PageSize"] = "4m",
            ["IndexMemorySize"] = "16m",
            ["EnableLua"] = true,
        };
        if (server.PasswordParameter is { } password)
        {
            settings["AuthenticationMode"] = "Password";
            settings["Password"] = (await password.GetValueAsync(cancel))!;
        }

        // A file, because every user can read arguments.
        var file = Path.Combine(Directory.CreateDirectory(folders.DataOf(server), FileModes.OwnerOnly).FullName, "garnet.json");
        await FileModes.WriteSecretAsync(file, JsonSerializer.Serialize(settings), cancel);
        return new Start(
            tools.DotnetPath, tools.GarnetDll, "--config-import-path", file,
            "--port", server.PrimaryEndpoint.Property(EndpointProperty.TargetPort));
    }

    public void Configure(Dictionary<string, object> environment)
    {
        environment.Remove("REDIS_PASSWORD");
        // The tool's own runtime settings ask for the server collector, which takes several times the memory at this size.
        environment["DOTNET_gcServer"] = "0";
        environment["DOTNET_TieredPGO"] = "0";
    }
}

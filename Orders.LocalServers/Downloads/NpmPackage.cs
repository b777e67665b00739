using System.Text.Json.Nodes;

namespace Orders.LocalServers.Downloads;

/// <summary>
/// Fetches one of the pinned npm packages. npm is given a package.json and a lock file cut down to this package, so that every tool
/// is fetched and healed on its own; npm verifies the lock file's integrity hash. No script of the package runs.
/// </summary>
internal sealed class NpmPackage(string name)
{
    private const int AttemptsMax = 3;

    // The largest package has 80 MB.
    private static readonly TimeSpan AttemptTimeLimit = TimeSpan.FromMinutes(4);

    // npm itself would wait five minutes for a server that says nothing, and that three times for each of two requests.
    private static readonly string[] Arguments =
    [
        "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline",
        "--fetch-timeout=60000", "--fetch-retries=3", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=10000",
    ];

    /// <summary>
    /// Installs into <paramref name="folder"/> (which must be empty) and returns the package's own folder. A network that stalls is
    /// tried again, a few times and not for ever.
    /// </summary>
    public async Task<string> FetchAsync(string folder, CancellationToken cancellationToken)
    {
        WriteCut(folder, "package.json", package => KeepOnly(package["dependencies"]!.AsObject(), name));
        WriteCut(folder, "package-lock.json", CutLock);
        var npm = new Command("npm", Arguments) { WorkingDirectory = folder, TimeLimit = AttemptTimeLimit };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Begins with removing what a former attempt has left in node_modules.
                await npm.RunAsync(cancellationToken);
                return Path.Combine(folder, "node_modules", name);
            }
            catch (InvalidOperationException) when (attempt < AttemptsMax)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private void CutLock(JsonNode file)
    {
        var packages = file["packages"]!.AsObject();
        KeepOnly(packages[""]!["dependencies"]!.AsObject(), name);
        KeepOnly(packages, "", "node_modules/" + name);
        if (packages["node_modules/" + name]?["integrity"] is null)
        {
            throw new InvalidDataException($"package-lock.json has no integrity hash for {name}.");
        }
    }

    private static void KeepOnly(JsonObject entries, params string[] kept)
    {
        foreach (var other in entries.Select(entry => entry.Key).Except(kept, StringComparer.Ordinal).ToArray())
        {
            entries.Remove(other);
        }
    }

    private void WriteCut(string folder, string fileName, Action<JsonNode> cut)
    {
        var json = JsonNode.Parse(PinnedVersions.File(fileName))!;
        cut(json);
        File.WriteAllText(Path.Combine(folder, fileName), json.ToJsonString());
    }
}

using Orders.LocalServers.Downloads;

namespace Orders.LocalServers;

/// <summary>
/// The user that PostgreSQL runs as: the current one, or, when that is root, an unprivileged one. Where that user could not enter
/// the folders above the data (a clone under /root, say), it keeps the one capability to do so, CAP_DAC_READ_SEARCH; the secure bit
/// makes access(2), by which Postgres looks for its own programs, see that capability too.
/// </summary>
internal sealed class ServerAccount
{
    private const string UnprivilegedId = "65534";
    private readonly bool _drops;

    private ServerAccount(IReadOnlyList<string> prefix)
    {
        Prefix = prefix;
        _drops = prefix.Count > 0;
    }

    /// <summary>What to put before a command line; empty when the current user will do.</summary>
    public IReadOnlyList<string> Prefix { get; }

    /// <param name="paths">What the user must be able to reach.</param>
    public static ServerAccount For(params string[] paths)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerAccount([]);
        }

        string[] user = [Machine.SetPrivPath, $"--reuid={UnprivilegedId}", $"--regid={UnprivilegedId}", "--clear-groups"];
        string[] capabilities = paths.All(CanBeReached)
            ? ["--inh-caps=-all"]
            : ["--securebits=+no_setuid_fixup", "--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search"];
        return new ServerAccount([.. user, .. capabilities]);
    }

    /// <summary>Gives a folder and all below it to the user, and nobody else.</summary>
    public async Task OwnAsync(string folder, CancellationToken cancellationToken)
    {
        File.SetUnixFileMode(folder, FileModes.OwnerOnly);
        if (_drops)
        {
            var chown = new Command("chown", "-R", $"{UnprivilegedId}:{UnprivilegedId}", folder);
            await chown.RunAsync(cancellationToken);
        }
    }

    private static bool CanBeReached(string path)
    {
        for (var above = Directory.GetParent(path); above is not null; above = above.Parent)
        {
            if (above.Exists && (above.UnixFileMode & UnixFileMode.OtherExecute) == 0)
            {
                return false;
            }
        }

        return true;
    }
}

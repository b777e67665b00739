using System.Globalization;
using Orders.Native.Servers.Setup;

namespace Orders.Native.Servers;

/// <summary>PostgreSQL 18.4: TCP on 127.0.0.1 only, scram-sha-256, data checksums, fsync on.</summary>
public static class PostgresServer
{
    private static readonly TimeSpan FormerServerTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Makes the data folder ready (a new cluster when it is empty) and returns the command line.</summary>
    /// <param name="tools">The unpacked programs.</param>
    /// <param name="dataDirectory">Full path; created when missing. Data of an earlier start is kept, also after kill -9.</param>
    /// <param name="port">A free port; may differ from start to start.</param>
    /// <param name="user">The superuser of a new cluster.</param>
    /// <param name="password">Its password. Like a data volume, an existing cluster keeps the password it was made with.</param>
    /// <param name="serverArgs">Arguments for <c>postgres</c>, such as <c>-c wal_level=logical</c>; they win over ours.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    public static async Task<ServerProcess> PrepareAsync(
        NativeToolset tools,
        string dataDirectory,
        int port,
        string user,
        string password,
        IReadOnlyList<string> serverArgs,
        CancellationToken cancellationToken)
    {
        var account = ServerAccount.For(dataDirectory, tools.PostgresBin, tools.LauncherPath);
        if (!File.Exists(Path.Combine(dataDirectory, "PG_VERSION")))
        {
            await CreateClusterAsync(tools, dataDirectory, user, password, account, cancellationToken);
        }

        await account.OwnAsync(dataDirectory, cancellationToken);
        await WaitForFormerServerAsync(dataDirectory, cancellationToken);

        string[] settings =
        [
            "listen_addresses=127.0.0.1",
            FormattableString.Invariant($"port={port}"),
            "unix_socket_directories=",
            "shared_buffers=128MB",
            "max_connections=200",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_line_prefix=%m [%p] ",
        ];
        string[] postgres =
        [
            Path.Combine(tools.PostgresBin, "postgres"), "-D", dataDirectory,
            .. settings.SelectMany(setting => (string[])["-c", setting]), .. serverArgs,
        ];
        string[] line = [.. account.Prefix, tools.LauncherPath, "--stop-signal-int", "--", .. postgres];
        return new ServerProcess("postgres", line[0], line[1..], new Dictionary<string, string>(), dataDirectory);
    }

    // Made aside and renamed, so that an interrupted initdb is simply done again. initdb reads the password from a file that exists
    // for that moment only. The locale is Postgres' own C.UTF-8: the same on every machine, whatever is installed.
    private static async Task CreateClusterAsync(
        NativeToolset tools, string dataDirectory, string user, string password, ServerAccount account, CancellationToken cancellationToken)
    {
        var aside = dataDirectory + ".new";
        foreach (var leftOver in new[] { aside, dataDirectory }.Where(Directory.Exists))
        {
            Directory.Delete(leftOver, recursive: true);
        }

        Directory.CreateDirectory(aside, FileModes.OwnerOnly);
        var passwordFile = Path.Combine(aside, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead);
        await account.OwnAsync(aside, cancellationToken);

        var cluster = Path.Combine(aside, "cluster");
        string[] initdb =
        [
            .. account.Prefix, Path.Combine(tools.PostgresBin, "initdb"), "-D", cluster, "-U", user, "--pwfile", passwordFile,
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        ];
        var command = new Command(initdb[0], initdb[1..])
        {
            WorkingDirectory = aside,
            Environment = new Dictionary<string, string> { ["TZ"] = "UTC" },
        };
        await command.RunAsync(cancellationToken);
        Directory.Move(cluster, dataDirectory);
        Directory.Delete(aside, recursive: true);
    }

    // Postgres checks postmaster.pid itself, but takes any living process of the same user for the former server (a process id can
    // be given anew after a crash), and it does not wait for one that is just ending.
    private static async Task WaitForFormerServerAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(dataDirectory, "postmaster.pid");
        var start = TimeProvider.System.GetTimestamp();
        while (File.Exists(pidFile))
        {
            var pid = (await File.ReadAllLinesAsync(pidFile, cancellationToken)).FirstOrDefault() ?? "";
            if (!IsPostgresOn(pid, dataDirectory))
            {
                File.Delete(pidFile);
                return;
            }

            if (TimeProvider.System.GetElapsedTime(start) > FormerServerTimeout)
            {
                throw new IOException($"The data folder {dataDirectory} is in use by a running postgres, process {pid}.");
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    private static bool IsPostgresOn(string pid, string dataDirectory)
    {
        if (!int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        try
        {
            var arguments = File.ReadAllText($"/proc/{number}/cmdline").Split('\0');
            return arguments[0].EndsWith("postgres", StringComparison.Ordinal) && arguments.Contains(dataDirectory);
        }
        catch (IOException) when (!Directory.Exists($"/proc/{number}"))
        {
            return false;
        }
    }
}

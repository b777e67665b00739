using System.Globalization;
using Microsoft.Extensions.Logging;
using Orders.LocalServers.Downloads;

namespace Orders.LocalServers;

/// <summary>PostgreSQL 18.4: TCP on 127.0.0.1 only, scram-sha-256, data checksums, fsync on.</summary>
internal sealed class PostgresProcess(PostgresServerResource server, LocalFolders folders, Toolset tools) : IServerProcess
{
    private static readonly TimeSpan FormerServerPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // On SIGTERM PostgreSQL waits for its clients to leave; its quick clean stop is SIGINT. Its log goes to standard error and is no
    // error. The second wait collects the exit code when the first one was interrupted by the signal.
    private static readonly string[] QuickStop =
        ["/bin/sh", "-c", "trap 'kill -INT $child' TERM INT; \"$@\" 2>&1 & child=$!; wait $child; wait $child", "sh"];

    private readonly ServerAccount _account = ServerAccount.For(folders.DataOf(server), tools.PostgresBin);

    public async Task<Start> PrepareAsync(IReadOnlyList<object> given, ILogger log, CancellationToken cancel)
    {
        var data = folders.DataOf(server);
        var password = (await server.PasswordParameter.GetValueAsync(cancel))!;
        if (!File.Exists(Path.Combine(data, "PG_VERSION"))) await CreateAsync(data, password, log, cancel);
        await _account.OwnAsync(data, cancel);
        await WaitForFormerServerAsync(data, cancel);
        await FollowPasswordAsync(data, password, log, cancel);
        object[] line =
        [
            .. _account.Prefix, .. QuickStop, Path.Combine(tools.PostgresBin, "postgres"), "-D", data,
            "-c", "listen_addresses=127.0.0.1",
            "-c", ReferenceExpression.Create($"port={server.PrimaryEndpoint.Property(EndpointProperty.TargetPort)}"),
            "-c", "unix_socket_directories=", "-c", "shared_buffers=128MB",
            "-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "log_line_prefix=%m [%p] ",
            .. given,
        ];
        return new Start((string)line[0], line[1..]);
    }

    public void Configure(Dictionary<string, object> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("POSTGRES_", StringComparison.Ordinal)).ToArray())
            environment.Remove(name);
    }

    // Made aside and renamed: an interrupted initdb is repeated. The locale is PostgreSQL's own C.UTF-8, the same on every machine.
    private async Task CreateAsync(string data, string password, ILogger log, CancellationToken cancel)
    {
        log.LogInformation("initdb in {Folder}", data);
        var aside = data + ".new";
        foreach (var leftOver in new[] { aside, data }.Where(Directory.Exists)) Directory.Delete(leftOver, recursive: true);
        Directory.CreateDirectory(aside, FileModes.OwnerOnly);
        var secret = Path.Combine(aside, "password");
        await FileModes.WriteSecretAsync(secret, password, cancel);
        await _account.OwnAsync(aside, cancel);
        var cluster = Path.Combine(aside, "cluster");
        var user = await server.UserNameReference.GetValueAsync(cancel);
        await RunAsync(aside, null, cancel,
            [
                Path.Combine(tools.PostgresBin, "initdb"), "-D", cluster, "-U", user!, "--pwfile", secret, "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            ]);
        Directory.Move(cluster, data);
        Directory.Delete(aside, recursive: true);
        await FileModes.WriteSecretAsync(PasswordOf(data), password, cancel);
    }

    /// <summary>
    /// The data may outlive the parameter: runs that are not for development write another one into the user secrets. The cluster
    /// follows the parameter.
    /// </summary>
    private async Task FollowPasswordAsync(string data, string password, ILogger log, CancellationToken cancel)
    {
        var known = PasswordOf(data);
        if (File.Exists(known) && await File.ReadAllTextAsync(known, cancel) == password) return;
        log.LogInformation("The password of {Folder} becomes the parameter's", data);
        var user = await server.UserNameReference.GetValueAsync(cancel);
        var statement = $"ALTER ROLE \"{user}\" PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'\n";
        await RunAsync(data, statement, cancel, [Path.Combine(tools.PostgresBin, "postgres"), "--single", "-D", data, "postgres"]);
        await FileModes.WriteSecretAsync(known, password, cancel);
    }

    private async Task RunAsync(string folder, string? input, CancellationToken cancel, string[] line)
    {
        string[] whole = [.. _account.Prefix, .. line];
        var command = new Command(whole[0], whole[1..])
        {
            WorkingDirectory = folder, Input = input, Environment = new Dictionary<string, string> { ["TZ"] = "UTC" },
        };
        await command.RunAsync(cancel);
    }

    // PostgreSQL checks postmaster.pid itself, but takes any living process of the same user for the former server (a process id can
    // be given again after a crash), and it does not wait for one that is just ending.
    private static async Task WaitForFormerServerAsync(string data, CancellationToken cancel)
    {
        var file = Path.Combine(data, "postmaster.pid");
        var started = TimeProvider.System.GetTimestamp();
        while (File.Exists(file))
        {
            var pid = (await File.ReadAllLinesAsync(file, cancel)).FirstOrDefault() ?? "";
            if (!IsPostgresOn(pid, data))
            {
                File.Delete(file);
                return;
            }

            if (TimeProvider.System.GetElapsedTime(started) > FormerServerPatience)
                throw new IOException($"The data folder {data} is in use by a running postgres, process {pid}.");
            await Task.Delay(Pause, TimeProvider.System, cancel);
        }
    }

    private static bool IsPostgresOn(string pid, string data)
    {
        if (!int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        try
        {
            var arguments = File.ReadAllText($"/proc/{number}/cmdline").Split('\0');
            return arguments[0].EndsWith("postgres", StringComparison.Ordinal) && arguments.Contains(data);
        }
        catch (IOException) when (!Directory.Exists($"/proc/{number}"))
        {
            return false;
        }
    }

    private static string PasswordOf(string data) => data + ".password";
}

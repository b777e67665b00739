using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting;

namespace Orders.Native.Hosting.Dcp;

/// <summary>
/// A running DCP. It watches this process and, should it vanish, ends everything that it started; so nothing is left behind even
/// after kill -9.
/// </summary>
internal sealed class DcpServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // DCP makes a socket in its home, "/.cache/dcp/dcp-notify-sock-" and 8 letters; the kernel takes paths of 107 bytes.
    private const int HomeLengthMax = 70;

    // What is meant for this process and not for those that DCP starts.
    private static readonly string[] s_notInherited =
        ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];

    private readonly string _kubeconfig;
    private readonly X509Certificate2 _certificate;

    private DcpServer(string kubeconfig, X509Certificate2 certificate, DcpClient client)
    {
        _kubeconfig = kubeconfig;
        _certificate = certificate;
        Client = client;
    }

    public DcpClient Client { get; }

    /// <param name="dcp">The program.</param>
    /// <param name="folder">An empty folder of this run; DCP keeps the processes' output there and clears it when it ends.</param>
    /// <param name="home">Stands for the home folder, so that DCP and the dashboard leave nothing in the user's.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<DcpServer> StartAsync(string dcp, string folder, string home, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartTimeout);

        // DCP would make a key of its own, 4096-bit RSA, and take seconds of processor time; this one takes a millisecond.
        var certificate = CreateCertificate();
        var certificateFile = Path.Combine(folder, "dcp.crt");
        var keyFile = Path.Combine(folder, "dcp.key");
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem(), cancellationToken).ConfigureAwait(false);
        using (var key = certificate.GetECDsaPrivateKey()!)
            await WritePrivateAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), cancellationToken).ConfigureAwait(false);

        var kubeconfig = Path.Combine(folder, "kubeconfig");
        try
        {
            await LaunchAsync(dcp, folder, home, kubeconfig, certificateFile, keyFile, limit.Token).ConfigureAwait(false);
            var (server, token) = await ReadKubeconfigAsync(kubeconfig, limit.Token).ConfigureAwait(false);
            var client = new DcpClient(server, token, certificate);
            await client.WaitUntilReadyAsync(limit.Token).ConfigureAwait(false);
            return new DcpServer(kubeconfig, certificate, client);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var log = await File.ReadAllTextAsync(LogFile(folder), cancellationToken).ConfigureAwait(false);
            throw new DistributedApplicationException($"DCP ({dcp}) did not start within {StartTimeout.TotalSeconds} s. {log}".Trim());
        }
    }

    /// <summary>True while a DCP that was started with this folder still runs, which it does until all its processes have ended.</summary>
    public static bool IsRunningFor(string folder) => ProcessesOf(Path.Combine(folder, "kubeconfig")).Count > 0;

    /// <summary>
    /// Asks DCP to end all that still runs and then itself. Returns when it is gone, or after the time limit: it goes on by itself
    /// then, and does so as well when this process ends.
    /// </summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            await Client.StopServerAsync(limit.Token).ConfigureAwait(false);
            while (ProcessesOf(_kubeconfig).Count > 0)
                await Task.Delay(PollInterval, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return;
        }
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        _certificate.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Beside the folder, because DCP clears that when it ends.</summary>
    private static string LogFile(string folder) => Path.Combine(Path.GetDirectoryName(folder)!, "dcp.log");

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
    }

    private static async Task WritePrivateAsync(string file, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(file, options);
        await writer.WriteAsync(text.AsMemory(), cancellationToken).ConfigureAwait(false);
    }

    private static async Task LaunchAsync(
        string dcp, string folder, string home, string kubeconfig, string certificateFile, string keyFile,
            CancellationToken cancellationToken)
    {
        // The detached DCP keeps the output it was given. A pipe to this process would end it with SIGPIPE after a kill -9 of this
        // process, just when it has to clean up; so it writes to a file, which takes a shell.
        var log = LogFile(folder);
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = folder,
            ArgumentList =
            {
                "-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, dcp,
                "start-apiserver", "--monitor", Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
                    "--monitor-interval", "1", "--detach",
                "--kubeconfig", kubeconfig, "--tls-cert-file", certificateFile, "--tls-key-file", keyFile,
            },
        };
        foreach (var name in s_notInherited)
            start.Environment.Remove(name);
        start.Environment["DCP_SESSION_FOLDER"] = folder;
        if (home.Length <= HomeLengthMax)
        {
            start.Environment["HOME"] = Directory.CreateDirectory(home).FullName;
            start.Environment.Remove("XDG_CACHE_HOME");
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            var text = await File.ReadAllTextAsync(log, cancellationToken).ConfigureAwait(false);
            throw new DistributedApplicationException($"DCP ({dcp}) did not start: {text.Trim()}");
        }
    }

    private static async Task<(Uri Server, string Token)> ReadKubeconfigAsync(string file, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (File.Exists(file))
            {
                var lines = await File.ReadAllLinesAsync(file, cancellationToken).ConfigureAwait(false);
                if (Value(lines, "server:") is { } server && Value(lines, "token:") is { } token)
                    return (new Uri(server), token);
            }

            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }

        static string? Value(string[] lines, string key) => lines
            .Select(l => l.Trim())
            .FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim();
    }

    /// <summary>DCP detaches itself, so it is found by the file that only this run's DCP was given.</summary>
    private static List<int> ProcessesOf(string kubeconfig)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && CommandLine(pid).Contains(kubeconfig, StringComparison.Ordinal))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Orders.Tests.Support;
using Orders.Tests.Tidy;

namespace Orders.Tests.Hosting;

/// <summary>The built AppHost as a process of its own, as a user starts it, on free ports and with servers that keep nothing.</summary>
internal sealed class AppHostRun : IAsyncDisposable
{
    private static readonly string[] UrlSettings =
        ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private AppHostRun(Process process) => _process = process;

    /// <summary>What it has written so far, errors included.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <param name="arguments">Those of the command line.</param>
    /// <param name="settings">Environment variables; null takes one away.</param>
    public static AppHostRun Start(string[] arguments, params (string Name, string? Value)[] settings)
    {
        var assembly = Path.Combine(Sources.Root, "artifacts", "bin", "Orders.AppHost", "debug", "Orders.AppHost.dll");
        var line = new ProcessStartInfo("dotnet", [assembly, "--data=none", "--rate=0", "--servers=processes", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.Combine(Sources.Root, "Orders.AppHost"),
        };
        line.Environment["DOTNET_ENVIRONMENT"] = "Development";
        line.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        foreach (var name in UrlSettings) line.Environment[name] = $"http://localhost:{FreePort()}";
        foreach (var (name, value) in settings) line.Environment[name] = value;
        var run = new AppHostRun(new Process { StartInfo = line });
        run._process.OutputDataReceived += (_, data) => run.Keep(data.Data);
        run._process.ErrorDataReceived += (_, data) => run.Keep(data.Data);
        run._process.Start();
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public Task<string> SaysAsync(string text, TimeSpan patience) => Eventually.Get(
        () => Task.FromResult(Output), output => output.Contains(text, StringComparison.Ordinal), $"'{text}' on the console", patience);

    /// <summary>The exit code, once it has ended by itself.</summary>
    public async Task<int> EndsAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        // DCP ends the servers when this process is gone.
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output) _output.AppendLine(line);
    }
}

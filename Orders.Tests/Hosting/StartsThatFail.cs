using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Orders.Tests.Hosting;

/// <summary>A start that fails tells the user the resource, the reason and the next step, without a stack trace.</summary>
[Unit]
[SupportedOSPlatform("linux")]
public sealed class StartsThatFail
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_missing_tool_is_named_with_the_command_that_installs_it()
    {
        var tools = Directory.CreateTempSubdirectory("orders-path-");
        await using var run = AppHostRun.Start([], ("JAVA_HOME", null), ("PATH", tools.FullName));

        Assert.Equal(1, await run.EndsAsync(Patience));

        Assert.Contains("java (for Kafka)", run.Output, StringComparison.Ordinal);
        Assert.Contains("apt-get install", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        tools.Delete();
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_ports_is_refused_in_one_line()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        var port = ((IPEndPoint)first.LocalEndpoint).Port;
        await using var run = AppHostRun.Start([], ("ASPNETCORE_URLS", $"http://localhost:{port}"));

        Assert.Equal(1, await run.EndsAsync(Patience));

        Assert.Contains($"port {port} is in use", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_way_to_run_servers_is_refused_by_name()
    {
        await using var run = AppHostRun.Start(["--servers=clouds"]);

        Assert.Equal(1, await run.EndsAsync(Patience));

        Assert.Contains("--servers=clouds is unknown: use containers or processes", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_ends_at_once_is_named_with_its_last_lines_instead_of_a_wait_without_end()
    {
        var home = Directory.CreateTempSubdirectory("orders-java-");
        var java = Path.Combine(home.CreateSubdirectory("bin").FullName, "java");
        await File.WriteAllTextAsync(java, "#!/bin/sh\necho this java is broken\nexit 3\n");
        File.SetUnixFileMode(java, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var run = AppHostRun.Start([], ("JAVA_HOME", home.FullName));

        var output = await run.SaysAsync("The start is held up by 'kafka-zookeeper'", Patience);

        Assert.Contains("exit code 3", output, StringComparison.Ordinal);
        await run.SaysAsync("this java is broken", TimeSpan.FromSeconds(5));
        home.Delete(recursive: true);
    }
}

using System.Diagnostics;
using Orders.Api.Inbound;
using Orders.Tests.Support;

namespace Orders.Tests.Inbound;

/// <summary>
/// Another process of the api beside the one that the application has started, with its environment and an address of its own.
/// </summary>
internal sealed class SecondApi : IAsyncDisposable
{
    private readonly Process _process;

    private SecondApi(Process process) => _process = process;

    public static async Task<SecondApi> StartAsync(OrdersApplication app)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(InboundOptions).Assembly.Location])
        {
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in await app.EnvironmentOfAsync("api")) start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment.Remove("ASPNETCORE_HTTPS_PORT");
        return new SecondApi(Process.Start(start)!);
    }

    /// <summary>Without a warning.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

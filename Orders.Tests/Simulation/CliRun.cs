using Orders.Simulator.Cli;

namespace Orders.Tests.Simulation;

/// <summary>The simulator's command line as somebody in front of it sees it, without a process of its own.</summary>
internal sealed class CliRun : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("orders-simulator-").FullName;

    /// <summary>What stands for the network; requests of a command that needs none fail.</summary>
    public Func<HttpMessageHandler> Network { get; init; } = () => throw new InvalidOperationException("no request was expected");

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    /// <param name="cancel">Ends it as Ctrl+C does.</param>
    /// <param name="args">The command.</param>
    public Task<int> RunAsync(CancellationToken cancel, params string[] args)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        return CommandLine.RunAsync(args, new CliContext(new Terminal(_output, false, _error, false), Time, Network), cancel);
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }
}

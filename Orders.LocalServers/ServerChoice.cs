using System.Diagnostics;

namespace Orders.LocalServers;

/// <summary>Whether the servers run as containers or as processes, and the line that says so.</summary>
internal sealed record ServerChoice(bool Processes, string Line)
{
    private static readonly TimeSpan EnginePatience = TimeSpan.FromSeconds(5);

    /// <param name="asked"><c>--servers</c>; null: by what the machine has.</param>
    /// <param name="cancel">The start is given up.</param>
    /// <exception cref="DistributedApplicationException">An unknown value.</exception>
    public static async Task<ServerChoice> MakeAsync(string? asked, CancellationToken cancel)
    {
        const string Overrides = "--servers=containers|processes overrides";
        switch (asked)
        {
            case "processes": return new(true, "Servers: processes of this machine (--servers=processes)");
            case "containers":
                var answering = await AnsweringEngineAsync(cancel);
                return new(false, answering is null
                    ? "Servers: containers (--servers=containers), although no container engine answers: start Docker or Podman"
                    : $"Servers: containers of {answering} (--servers=containers)");
            case null or "":
                return await AnsweringEngineAsync(cancel) is { } engine
                    ? new(false, $"Servers: containers, because {engine} answers ({Overrides})")
                    : new(true, $"Servers: processes of this machine, because no container engine answers ({Overrides})");
            default: throw new DistributedApplicationException($"--servers={asked} is unknown: use containers or processes.");
        }
    }

    private static async Task<string?> AnsweringEngineAsync(CancellationToken cancel)
    {
        foreach (var engine in (string[])["docker", "podman"])
        {
            if (await AnswersAsync(engine, cancel)) return engine;
        }

        return null;
    }

    private static async Task<bool> AnswersAsync(string engine, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(EnginePatience);
        try
        {
            var line = new ProcessStartInfo(engine, "info") { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(line)!;
            // Read, or a long answer fills the pipe and the engine never ends.
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await Task.WhenAll(output, errors);
            return process.ExitCode == 0;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }
    }
}

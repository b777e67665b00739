using Microsoft.Extensions.Logging;

namespace Orders.LocalServers;

/// <summary>How one kind of server runs on this machine.</summary>
internal interface IServerProcess
{
    /// <summary>Called at every start, while the process does not run: prepares its files and says what to run.</summary>
    /// <param name="given">The arguments that the model gives the container, <c>WithArgs</c> included.</param>
    /// <param name="log">The server's own log in the dashboard.</param>
    /// <param name="cancel">The start is given up.</param>
    Task<Start> PrepareAsync(IReadOnlyList<object> given, ILogger log, CancellationToken cancel);

    /// <summary>Takes away the environment variables that are meant for the image and adds those that the process needs.</summary>
    void Configure(Dictionary<string, object> environment);
}

/// <summary>A command line without a shell. SIGTERM stops the process cleanly.</summary>
/// <param name="Command">Full path of the executable.</param>
/// <param name="Arguments">Texts and <see cref="ReferenceExpression"/>s, one element each.</param>
internal sealed record Start(string Command, params IReadOnlyList<object> Arguments);

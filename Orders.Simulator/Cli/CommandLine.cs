using System.CommandLine;
using System.CommandLine.Invocation;
using Orders.Simulator.Api;
using Orders.Simulator.Files;
using Orders.Simulator.Profiles;

namespace Orders.Simulator.Cli;

/// <summary>Somebody asked for what cannot be: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What commands work with.</summary>
/// <param name="Network">Makes what requests to the API go through.</param>
internal sealed record CliContext(Terminal Terminal, TimeProvider Time, Func<HttpMessageHandler> Network);

/// <summary>
/// The simulator as a command line. Exit codes: 0 done, 1 failed, 2 wrong usage. Without a command the simulator is the
/// service that the AppHost starts.
/// </summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>
    /// Whether these arguments are a command. The service has none, or configuration such as <c>--urls=...</c>.
    /// </summary>
    public static bool Handles(string[] args) =>
        args.Length > 0 && (!args[0].StartsWith('-') || args[0] is "-h" or "--help" or "-?" or "--version");

    public static Task<int> RunAsync(string[] args) => RunAsync(args, new CliContext(
        Terminal.OfProcess(), TimeProvider.System, () => new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }));

    public static async Task<int> RunAsync(string[] args, CliContext context, CancellationToken cancel = default)
    {
        var root = new RootCommand("Tables, history and traffic for Orders. Without a command: the service that the AppHost starts.");
        root.Subcommands.Add(SeedCommand.Create(context));
        root.Subcommands.Add(HistoryCommand.Create(context));
        root.Subcommands.Add(LoadCommand.Create(context));
        root.Subcommands.Add(InspectCommand.Create(context));
        root.Subcommands.Add(VerifyCommand.Create(context));
        var parsed = root.Parse(args);
        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = context.Terminal.OutWriter, Error = context.Terminal.ErrorWriter,
            // Whoever is ended by Ctrl+C may still have results to write.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        }, cancel);
        return parsed.Action is ParseErrorAction ? WrongUsage : code;
    }

    /// <summary>A command's work, with its expected ends as exit codes. What is unexpected is left to be seen as it is.</summary>
    public static void Does(this Command command, CliContext context, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                return await work(parsed, cancel);
            }
            catch (UsageException error)
            {
                context.Terminal.Complain(error.Message);
                return WrongUsage;
            }
            catch (Exception error) when (error is TableFileException or ProfileException or ApiRefusedException
                or ApiAwayException or IOException or UnauthorizedAccessException)
            {
                context.Terminal.Complain(error.Message);
                return Failed;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                context.Terminal.Complain("stopped");
                return Failed;
            }
        });
}

using Spectre.Console;

namespace Orders.Simulator.Cli;

/// <summary>
/// Where the command line writes: results to one stream, progress and complaints to the other. On a terminal with colours,
/// tables and bars that are drawn anew; elsewhere plain lines, so that a file or a pipe holds nothing but text.
/// </summary>
internal sealed class Terminal
{
    /// <summary>Columns where nobody says how wide it is: plain lines are not to be broken.</summary>
    private const int PlainWidth = 200;

    public Terminal(TextWriter output, bool outputIsTerminal, TextWriter error, bool errorIsTerminal)
    {
        (Out, Error) = (Console(output, outputIsTerminal), Console(error, errorIsTerminal));
        (OutWriter, ErrorWriter) = (output, error);
        IsColourful = outputIsTerminal;
    }

    public IAnsiConsole Out { get; }

    public IAnsiConsole Error { get; }

    public TextWriter OutWriter { get; }

    public TextWriter ErrorWriter { get; }

    /// <summary>Whether results may have colours.</summary>
    public bool IsColourful { get; }

    /// <summary>The process's own streams. TERM=dumb and NO_COLOR are respected.</summary>
    public static Terminal OfProcess()
    {
        var plain = Environment.GetEnvironmentVariable("TERM") is null or "dumb"
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(
            System.Console.Out, !plain && !System.Console.IsOutputRedirected,
            System.Console.Error, !plain && !System.Console.IsErrorRedirected);
    }

    /// <summary>A line of text as it is: not broken, no markup.</summary>
    public void Say(string line) => OutWriter.WriteLine(line);

    /// <inheritdoc cref="Say"/>
    public void Complain(string line) => ErrorWriter.WriteLine(line);

    private static IAnsiConsole Console(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!terminal) console.Profile.Width = PlainWidth;
        return console;
    }
}

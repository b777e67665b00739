using System.CommandLine;
using Orders.Simulator.Profiles;

namespace Orders.Simulator.Cli;

/// <summary><c>inspect profile</c>: a profile with everything that it does not say itself; a file to begin one's own with.</summary>
internal static class InspectProfile
{
    public static Command Create(CliContext context)
    {
        var file = ProfileFiles.Option();
        var command = new Command("profile", "The whole profile as JSON, to look at or to copy and edit. With --profile: checks that file.")
        {
            file,
        };
        command.Does(context, async (parsed, cancel) =>
        {
            context.Terminal.Say(ProfileReader.Write(await ProfileFiles.ReadAsync(parsed.GetValue(file), cancel)));
            return CommandLine.Done;
        });
        return command;
    }
}

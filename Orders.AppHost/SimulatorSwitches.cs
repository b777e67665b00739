using Microsoft.Extensions.Configuration;

/// <summary>
/// What can be said of live traffic on the command line: <c>--rate=20</c> orders per second, <c>--transport=inbound</c> over the topic
/// instead of HTTP, <c>--calendar</c> by the hours of the calendar, <c>--day=00:05:00</c> with a day of that length.
/// </summary>
internal static class SimulatorSwitches
{
    private const string Calendar = "calendar";

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["rate"] = "Rate", ["transport"] = "Transport", [Calendar] = "Calendar", ["day"] = "DayLength",
    };

    /// <summary>A switch without a value would take the next argument for its value.</summary>
    public static string[] Spell(string[] args) =>
        [.. args.Select(argument => argument == $"--{Calendar}" ? $"--{Calendar}=true" : argument)];

    /// <summary>Hands on what was said, unread: the simulator refuses what it does not understand, and has its own defaults.</summary>
    public static IResourceBuilder<ProjectResource> WithSwitches(
        this IResourceBuilder<ProjectResource> simulator, IConfiguration settings)
    {
        foreach (var (name, option) in Settings)
        {
            if (settings[name] is { Length: > 0 } value) simulator.WithEnvironment($"Orders__Simulator__{option}", value);
        }

        return simulator;
    }
}

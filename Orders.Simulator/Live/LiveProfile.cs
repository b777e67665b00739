using Microsoft.Extensions.Options;
using Orders.Simulator.Calendars;
using Orders.Simulator.Profiles;

namespace Orders.Simulator.Live;

/// <summary>By what live orders are put together, and when they come. Read once: what is wrong with the file keeps the start.</summary>
internal sealed class LiveProfile
{
    /// <exception cref="ProfileException">The file is not a profile.</exception>
    public LiveProfile(IOptions<SimulatorOptions> options, TimeProvider time)
    {
        var wanted = options.Value;
        Profile = string.IsNullOrEmpty(wanted.Profile) ? Profile.Default : ProfileReader.Read(File.ReadAllText(wanted.Profile));
        Shape = wanted.Calendar ? new LiveShape(new ShopCalendar(Profile.Calendar), wanted.DayLength, time.GetUtcNow()) : null;
    }

    public Profile Profile { get; }

    /// <summary>Null: traffic is even.</summary>
    public LiveShape? Shape { get; }
}

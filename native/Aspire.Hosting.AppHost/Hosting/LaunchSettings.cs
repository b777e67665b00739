using System.Text.Json;

namespace Aspire.Hosting;

/// <summary>What is used of a project's Properties/launchSettings.json.</summary>
internal sealed class LaunchSettings
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];

    public static LaunchSettings? Load(string projectDirectory)
    {
        var file = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllText(file), s_options);
        }
        catch (JsonException e)
        {
            throw new DistributedApplicationException($"{file} is not valid: {e.Message}", e);
        }
    }

    /// <summary>The named profile; without a name the profile of the AppHost's own name, else the first that starts the project.</summary>
    public LaunchProfile? Find(string? name, string? fallback) => name is not null
        ? Profiles.GetValueOrDefault(name) ?? throw new DistributedApplicationException($"There is no launch profile '{name}'.")
        : (fallback is null ? null : Profiles.GetValueOrDefault(fallback))
            ?? Profiles.Values.FirstOrDefault(p => p.CommandName == "Project");
}

internal sealed class LaunchProfile
{
    public string? CommandName { get; set; }

    public string? CommandLineArgs { get; set; }

    public string? LaunchUrl { get; set; }

    public string? ApplicationUrl { get; set; }

    public Dictionary<string, string> EnvironmentVariables { get; set; } = [];
}

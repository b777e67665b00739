using System.CommandLine;
using Orders.Simulator.Profiles;

namespace Orders.Simulator.Cli;

/// <summary>The option that names a profile, and the file behind it.</summary>
internal static class ProfileFiles
{
    private const int BytesMax = 1024 * 1024;

    public static Option<FileInfo?> Option() => new("--profile")
    {
        Description = "Go by the profile in this file; default: the built-in one (inspect profile shows it).", HelpName = "file.json",
    };

    public static async Task<Profile> ReadAsync(FileInfo? file, CancellationToken cancel)
    {
        if (file is null) return Profile.Default;
        if (!file.Exists) throw new ProfileException([$"{file}: there is no such file"]);
        if (file.Length > BytesMax) throw new ProfileException([FormattableString.Invariant($"{file}: is larger than {BytesMax} bytes")]);
        try
        {
            return ProfileReader.Read(await File.ReadAllTextAsync(file.FullName, cancel));
        }
        catch (ProfileException error)
        {
            throw new ProfileException([.. error.Problems.Select(problem => $"{file}, {problem}")]);
        }
    }
}

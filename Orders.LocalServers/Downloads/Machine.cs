using System.Runtime.InteropServices;

namespace Orders.LocalServers.Downloads;

/// <summary>What the machine must offer before anything is fetched or started.</summary>
internal static class Machine
{
    private sealed record Need(string Program, string Package, string Why);

    private static readonly Need[] ToRun = [new("java", "default-jre-headless", "Kafka")];

    private static readonly Need[] ToRunAsRoot = [new("setpriv", "util-linux", "PostgreSQL, which refuses to run as root")];

    private static readonly Need[] ToFetch =
    [
        new("node", "nodejs", "fetching the servers"),
        new("npm", "npm", "fetching the servers"),
    ];

    /// <summary>The dotnet that belongs to the running runtime; also right when the process was started by its own executable.</summary>
    public static string DotnetPath { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    public static string JavaPath =>
        (Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home ? Existing(Path.Combine(home, "bin", "java")) : null)
        ?? Find("java")
        ?? throw new MissingToolsException("java is missing.");

    public static string SetPrivPath => Find("setpriv") ?? throw new MissingToolsException("setpriv is missing.");

    /// <summary>Throws one exception that names everything that is missing.</summary>
    public static void Require(bool fetch)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new MissingToolsException(
                "No container engine answers, and servers run as processes on Linux x64 only; this is "
                + $"{RuntimeInformation.OSDescription} on {RuntimeInformation.ProcessArchitecture}. "
                + "Install Docker or Podman, or run on Linux x64.");
        }

        Need[] needs = [.. ToRun, .. Environment.IsPrivilegedProcess ? ToRunAsRoot : [], .. fetch ? ToFetch : []];
        var missing = needs.Where(need => !IsThere(need)).ToArray();
        if (missing.Length > 0)
        {
            throw new MissingToolsException(
                "The servers run as processes here, because no container engine answers. For that these programs are missing: "
                + string.Join(", ", missing.Select(need => $"{need.Program} (for {need.Why})"))
                + ". On Debian or Ubuntu: sudo apt-get install "
                + string.Join(' ', missing.Select(need => need.Package).Distinct()));
        }
    }

    /// <summary>The full path of a program on PATH, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Existing(Path.Combine(folder, program)))
            .FirstOrDefault(path => path is not null);

    private static bool IsThere(Need need) =>
        Find(need.Program) is not null || (need.Program == "java" && Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home
            && File.Exists(Path.Combine(home, "bin", "java")));

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}

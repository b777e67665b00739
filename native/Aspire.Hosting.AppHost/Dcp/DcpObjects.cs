using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orders.Native.Hosting.Dcp;

/// <summary>A process to be started, as DCP is told of it. Texts may hold DCP's templates, such as <c>{{- portForServing
/// "x" -}}</c>.</summary>
internal sealed record ExecutableSpec(
    string Name,
    string Path,
    string WorkingDirectory,
    IReadOnlyList<string> Args,
    IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Services that the process serves; DCP allots a port for each unless one is given.</summary>
    public IReadOnlyList<(string Service, int? Port)> Serves { get; init; } = [];

    /// <summary>A short name for a long command line, or null.</summary>
    public string? Label { get; init; }

    /// <summary>Values for templates: <c>{{- index .Annotations "key" -}}</c>.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public JsonObject ToJson()
    {
        var annotations = new JsonObject();
        foreach (var (key, value) in Annotations)
            annotations[key] = value;
        if (Serves.Count > 0)
        {
            annotations["service-producer"] = new JsonArray([.. Serves.Select(s =>
            {
                var producer = new JsonObject { ["serviceName"] = s.Service, ["address"] = "localhost" };
                if (s.Port is { } port)
                    producer["port"] = port;
                return producer;
            })]).ToJsonString();
        }

        return DcpJson.Object("Executable", Name, annotations, new JsonObject
        {
            ["executablePath"] = Path,
            ["workingDirectory"] = WorkingDirectory,
            ["args"] = new JsonArray([.. Args.Select(a => JsonValue.Create(a))]),
            ["env"] = new JsonArray([.. Environment.Select(e => new JsonObject { ["name"] = e.Key, ["value"] = e.Value })]),
            ["executionType"] = "Process",
            ["ambientEnvironment"] = new JsonObject { ["behavior"] = "Inherit" },
        });
    }
}

/// <summary>The state of a process as DCP reports it.</summary>
internal sealed record ExecutableStatus(
    string Name,
    string Uid,
    string State,
    int? Pid,
    int? ExitCode,
    DateTime? StartedAt,
    DateTime? FinishedAt,
    IReadOnlyList<KeyValuePair<string, string?>> Environment,
    IReadOnlyList<string> Args)
{
    public const string Running = "Running";
    public const string Stopping = "Stopping";
    public const string Finished = "Finished";
    public const string Terminated = "Terminated";
    public const string FailedToStart = "FailedToStart";

    public bool IsOver => State is Finished or Terminated or FailedToStart;

    public static ExecutableStatus Read(JsonElement item)
    {
        var name = item.GetProperty("metadata").GetProperty("name").GetString()!;
        var uid = item.GetProperty("metadata").GetProperty("uid").GetString()!;
        if (!item.TryGetProperty("status", out var status))
            return new(name, uid, "", null, null, null, null, [], []);
        return new(
            name,
            uid,
            Text(status, "state") ?? "",
            Number(status, "pid"),
            Number(status, "exitCode"),
            Time(status, "startupTimestamp"),
            Time(status, "finishTimestamp"),
            Items(status, "effectiveEnv", e => KeyValuePair.Create(Text(e, "name")!, Text(e, "value"))),
            Items(status, "effectiveArgs", a => a.GetString()!));
    }

    private static string? Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private static DateTime? Time(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetDateTime().ToUniversalTime() : null;

    private static T[] Items<T>(JsonElement e, string name, Func<JsonElement, T> read) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(read)] : [];
}

internal static class DcpJson
{
    public const string Group = "usvc-dev.developer.microsoft.com";

    public static JsonObject Object(string kind, string name, JsonObject annotations, JsonObject spec) => new()
    {
        ["apiVersion"] = $"{Group}/v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = annotations },
        ["spec"] = spec,
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>The receipt of a request that the server carries out later.</summary>
public class TaskInfo(int taskUid, string indexUid, TaskInfoStatus status, TaskInfoType type, DateTime enqueuedAt)
{
    public int TaskUid { get; } = taskUid;

    public string IndexUid { get; } = indexUid;

    public TaskInfoStatus Status { get; } = status;

    public TaskInfoType Type { get; } = type;

    public DateTime EnqueuedAt { get; } = enqueuedAt;
}

/// <summary>A task as the server sees it now.</summary>
public class TaskResource(
    int uid,
    string indexUid,
    TaskInfoStatus status,
    TaskInfoType type,
    IReadOnlyDictionary<string, object> details,
    IReadOnlyDictionary<string, string> error,
    string duration,
    DateTime enqueuedAt,
    DateTime? startedAt,
    DateTime? finishedAt)
{
    public int Uid { get; } = uid;

    public string IndexUid { get; } = indexUid;

    public TaskInfoStatus Status { get; } = status;

    public TaskInfoType Type { get; } = type;

    /// <summary>What the task is about, e.g. <c>receivedDocuments</c>; the values are <see cref="JsonElement"/>s.</summary>
    public IReadOnlyDictionary<string, object> Details { get; } = details;

    /// <summary><c>message</c>, <c>code</c>, <c>type</c> and <c>link</c> of a failed task, else null.</summary>
    public IReadOnlyDictionary<string, string> Error { get; } = error;

    /// <summary>Time spent processing, ISO 8601.</summary>
    public string Duration { get; } = duration;

    public DateTime EnqueuedAt { get; } = enqueuedAt;

    public DateTime? StartedAt { get; } = startedAt;

    public DateTime? FinishedAt { get; } = finishedAt;
}

[JsonConverter(typeof(JsonStringEnumConverter<TaskInfoStatus>))]
public enum TaskInfoStatus
{
    Enqueued,
    Processing,
    Succeeded,
    Failed,
    Canceled,
}

[JsonConverter(typeof(TaskInfoTypeConverter))]
public enum TaskInfoType
{
    IndexCreation,
    IndexUpdate,
    IndexDeletion,
    DocumentAdditionOrUpdate,
    DocumentDeletion,
    SettingsUpdate,
    DumpCreation,
    TaskCancelation,
    SnapshotCreation,
    TaskDeletion,
    IndexSwap,

    /// <summary>A type that a newer server knows.</summary>
    Unknown,
}

internal sealed class TaskInfoTypeConverter : JsonConverter<TaskInfoType>
{
    public override TaskInfoType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Enum.TryParse<TaskInfoType>(reader.GetString(), ignoreCase: true, out var type) ? type : TaskInfoType.Unknown;

    public override void Write(Utf8JsonWriter writer, TaskInfoType value, JsonSerializerOptions options) =>
        writer.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
}

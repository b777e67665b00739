using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>The receipt of a request that the server carries out later.</summary>
public class TaskInfo(int taskUid, string indexUid, TaskInfoStatus status, TaskInfoType type, DateTime enqueuedAt)
{
    /// <summary>What the task is asked after by.</summary>
    public int TaskUid { get; } = taskUid;

    /// <summary>The index; null where there are several or none.</summary>
    public string IndexUid { get; } = indexUid;

    /// <summary>How far it is.</summary>
    public TaskInfoStatus Status { get; } = status;

    /// <summary>What is done.</summary>
    public TaskInfoType Type { get; } = type;

    /// <summary>When it was accepted.</summary>
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
    /// <summary>Grows from task to task.</summary>
    public int Uid { get; } = uid;

    /// <summary>The index; null where there are several or none.</summary>
    public string IndexUid { get; } = indexUid;

    /// <summary>How far it is.</summary>
    public TaskInfoStatus Status { get; } = status;

    /// <summary>What is done.</summary>
    public TaskInfoType Type { get; } = type;

    /// <summary>What the task is about, e.g. <c>receivedDocuments</c>; the values are <see cref="JsonElement"/>s.</summary>
    public IReadOnlyDictionary<string, object> Details { get; } = details;

    /// <summary><c>message</c>, <c>code</c>, <c>type</c> and <c>link</c> of a failed task, else null.</summary>
    public IReadOnlyDictionary<string, string> Error { get; } = error;

    /// <summary>Time spent processing, ISO 8601.</summary>
    public string Duration { get; } = duration;

    /// <summary>When it was accepted.</summary>
    public DateTime EnqueuedAt { get; } = enqueuedAt;

    /// <summary>Null while it waits.</summary>
    public DateTime? StartedAt { get; } = startedAt;

    /// <summary>Null until it is over.</summary>
    public DateTime? FinishedAt { get; } = finishedAt;
}

/// <summary>How far a task is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskInfoStatus>))]
public enum TaskInfoStatus
{
    Enqueued,
    Processing,
    Succeeded,
    Failed,
    Canceled,
}

/// <summary>What a task does.</summary>
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

namespace Meilisearch.QueryParameters;

public class IndexesQuery
{
    public int? Limit { get; set; }

    public int? Offset { get; set; }
}

public class DocumentsQuery
{
    public int? Limit { get; set; }

    public int? Offset { get; set; }

    public List<string> Fields { get; set; }

    public object Filter { get; set; }
}

public class DeleteDocumentsQuery
{
    public object Filter { get; set; }
}

public class TasksQuery
{
    public int? Limit { get; set; }

    public int? From { get; set; }

    public List<string> IndexUids { get; set; }

    public List<TaskInfoStatus> Statuses { get; set; }

    public List<TaskInfoType> Types { get; set; }

    public List<string> Uids { get; set; }
}

public class CancelTasksQuery
{
    public List<string> IndexUids { get; set; }

    public List<TaskInfoStatus> Statuses { get; set; }

    public List<TaskInfoType> Types { get; set; }

    public List<string> Uids { get; set; }
}

public class DeleteTasksQuery
{
    public List<string> IndexUids { get; set; }

    public List<TaskInfoStatus> Statuses { get; set; }

    public List<TaskInfoType> Types { get; set; }

    public List<int> Uids { get; set; }

    public List<string> CanceledBy { get; set; }

    public DateTime? BeforeEnqueuedAt { get; set; }

    public DateTime? AfterEnqueuedAt { get; set; }

    public DateTime? BeforeStartedAt { get; set; }

    public DateTime? AfterStartedAt { get; set; }

    public DateTime? BeforeFinishedAt { get; set; }

    public DateTime? AfterFinishedAt { get; set; }
}

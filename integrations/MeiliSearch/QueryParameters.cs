namespace Meilisearch.QueryParameters;

/// <summary>A page of the indexes.</summary>
public class IndexesQuery
{
    /// <summary>Default 20.</summary>
    public int? Limit { get; set; }

    /// <summary>How many are left out before.</summary>
    public int? Offset { get; set; }
}

/// <summary>A page of an index's documents.</summary>
public class DocumentsQuery
{
    /// <summary>Default 20.</summary>
    public int? Limit { get; set; }

    /// <summary>How many are left out before.</summary>
    public int? Offset { get; set; }

    /// <summary>The attributes wanted; null for all.</summary>
    public List<string> Fields { get; set; }

    /// <summary>As <see cref="SearchQuery.Filter"/>.</summary>
    public object Filter { get; set; }
}

/// <summary>Tasks that fulfil all conditions.</summary>
public class TasksQuery
{
    /// <summary>Default 20.</summary>
    public int? Limit { get; set; }

    /// <summary>The uid to begin with, going down.</summary>
    public int? From { get; set; }

    /// <summary>Tasks of these indexes.</summary>
    public List<string> IndexUids { get; set; }

    /// <summary>Tasks in one of these states.</summary>
    public List<TaskInfoStatus> Statuses { get; set; }

    /// <summary>Tasks of these kinds.</summary>
    public List<TaskInfoType> Types { get; set; }
}

/// <summary>Tasks whose records are deleted: those that fulfil all conditions.</summary>
public class DeleteTasksQuery
{
    /// <summary>Tasks in one of these states.</summary>
    public List<TaskInfoStatus> Statuses { get; set; }

    /// <summary>Tasks that were over before that time.</summary>
    public DateTime? BeforeFinishedAt { get; set; }
}

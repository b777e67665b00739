namespace Meilisearch;

/// <summary>A list as the server pages it.</summary>
public class Result<T>(T results, int? limit)
{
    /// <summary>The page.</summary>
    public T Results { get; } = results;

    /// <summary>How many were asked for.</summary>
    public int? Limit { get; } = limit;
}

/// <summary>A page of indexes or documents.</summary>
public class ResourceResults<T>(T results, int? limit, int offset, int total) : Result<T>(results, limit)
{
    /// <summary>How many are left out before.</summary>
    public int Offset { get; } = offset;

    /// <summary>How many there are on all pages.</summary>
    public int Total { get; } = total;
}

/// <summary>A page of tasks.</summary>
public class TasksResults<T>(T results, int? limit, int? from, int? next, int? total) : Result<T>(results, limit)
{
    /// <summary>The page's first uid.</summary>
    public int? From { get; } = from;

    /// <summary>Where the next page begins; null on the last one.</summary>
    public int? Next { get; } = next;

    /// <summary>How many there are on all pages.</summary>
    public int? Total { get; } = total;
}

/// <summary>What there is in an index.</summary>
public class IndexStats(int numberOfDocuments, bool isIndexing, IReadOnlyDictionary<string, int> fieldDistribution)
{
    /// <summary>Those that can be found now.</summary>
    public int NumberOfDocuments { get; } = numberOfDocuments;

    /// <summary>Whether a task is at work on it.</summary>
    public bool IsIndexing { get; } = isIndexing;

    /// <summary>How many documents have each field.</summary>
    public IReadOnlyDictionary<string, int> FieldDistribution { get; } = fieldDistribution;
}

/// <summary>Two indexes that change places.</summary>
public class IndexSwap(string indexA, string indexB)
{
    /// <summary>Their uids.</summary>
    public List<string> Indexes { get; } = [indexA, indexB];
}

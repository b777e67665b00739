using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>A list as the server pages it.</summary>
public class Result<T>(T results, int? limit)
{
    public T Results { get; } = results;

    public int? Limit { get; } = limit;
}

public class ResourceResults<T>(T results, int? limit, int offset, int total) : Result<T>(results, limit)
{
    public int Offset { get; } = offset;

    public int Total { get; } = total;
}

public class TasksResults<T>(T results, int? limit, int? from, int? next, int? total) : Result<T>(results, limit)
{
    public int? From { get; } = from;

    /// <summary>Where the next page begins; null on the last one.</summary>
    public int? Next { get; } = next;

    public int? Total { get; } = total;
}

public class MeiliSearchHealth(string status)
{
    /// <summary><c>available</c>.</summary>
    public string Status { get; } = status;
}

public class MeiliSearchVersion
{
    public string CommitSha { get; set; }

    public string CommitDate { get; set; }

    /// <summary>The server's, e.g. <c>1.21.0</c>.</summary>
    [JsonPropertyName("pkgVersion")]
    public string Version { get; set; }
}

/// <summary>The size of a server's database (bytes) and of each index.</summary>
public class Stats(long databaseSize, DateTime? lastUpdate, IReadOnlyDictionary<string, IndexStats> indexes)
{
    public long DatabaseSize { get; } = databaseSize;

    public DateTime? LastUpdate { get; } = lastUpdate;

    public IReadOnlyDictionary<string, IndexStats> Indexes { get; } = indexes;
}

public class IndexStats(int numberOfDocuments, bool isIndexing, IReadOnlyDictionary<string, int> fieldDistribution)
{
    public int NumberOfDocuments { get; } = numberOfDocuments;

    public bool IsIndexing { get; } = isIndexing;

    /// <summary>How many documents have each field.</summary>
    public IReadOnlyDictionary<string, int> FieldDistribution { get; } = fieldDistribution;
}

/// <summary>Two indexes that change places.</summary>
public class IndexSwap(string indexA, string indexB, bool rename = false)
{
    public List<string> Indexes { get; } = [indexA, indexB];

    /// <summary>True: the second index need not exist; the first one takes its name.</summary>
    public bool Rename { get; set; } = rename;
}

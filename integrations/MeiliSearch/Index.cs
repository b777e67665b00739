using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>An index of a server.</summary>
public partial class Index
{
    private MeilisearchHttp _http;

    /// <summary>As the server answers; <see cref="MeilisearchClient.Index"/> makes one that can be used.</summary>
    [JsonConstructor]
    public Index(string uid, string primaryKey = default, DateTimeOffset? createdAt = default, DateTimeOffset? updatedAt = default)
    {
        Uid = uid;
        PrimaryKey = primaryKey;
        CreatedAt = createdAt;
        UpdatedAt = updatedAt;
    }

    /// <summary>The index's name.</summary>
    public string Uid { get; internal set; }

    /// <summary>The attribute that is a document's id.</summary>
    public string PrimaryKey { get; internal set; }

    /// <summary>Null in a handle that was not fetched. It goes with the contents when indexes are swapped.</summary>
    public DateTimeOffset? CreatedAt { get; internal set; }

    /// <summary>Null in a handle that was not fetched.</summary>
    public DateTimeOffset? UpdatedAt { get; internal set; }

    /// <summary>Deletes the index with its documents and settings.</summary>
    public Task<TaskInfo> DeleteAsync(CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>($"indexes/{Uid}", cancellationToken);

    /// <summary>How many documents there are.</summary>
    public Task<IndexStats> GetStatsAsync(CancellationToken cancellationToken = default) =>
        _http.GetAsync<IndexStats>($"indexes/{Uid}/stats", cancellationToken);

    /// <summary>All settings, defaults included.</summary>
    public Task<Settings> GetSettingsAsync(CancellationToken cancellationToken = default) =>
        _http.GetAsync<Settings>($"indexes/{Uid}/settings", cancellationToken);

    /// <summary>A null in <paramref name="settings"/> leaves that setting as it is.</summary>
    public Task<TaskInfo> UpdateSettingsAsync(Settings settings, CancellationToken cancellationToken = default) =>
        _http.PatchAsync<TaskInfo>($"indexes/{Uid}/settings", settings, cancellationToken);

    /// <summary>Back to the defaults.</summary>
    public Task<TaskInfo> ResetSettingsAsync(CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>($"indexes/{Uid}/settings", cancellationToken);

    internal Index With(MeilisearchHttp http)
    {
        _http = http;
        return this;
    }
}

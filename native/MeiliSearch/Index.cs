using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>An index of a server.</summary>
public partial class Index
{
    private MeilisearchHttp _http;

    [JsonConstructor]
    public Index(string uid, string primaryKey = default, DateTimeOffset? createdAt = default, DateTimeOffset? updatedAt = default)
    {
        Uid = uid;
        PrimaryKey = primaryKey;
        CreatedAt = createdAt;
        UpdatedAt = updatedAt;
    }

    public string Uid { get; internal set; }

    public string PrimaryKey { get; internal set; }

    public DateTimeOffset? CreatedAt { get; internal set; }

    public DateTimeOffset? UpdatedAt { get; internal set; }

    /// <summary>Reads primary key and times from the server into this very object.</summary>
    public async Task<Index> FetchInfoAsync(CancellationToken cancellationToken = default)
    {
        var found = await _http.GetAsync<Index>($"indexes/{Uid}", cancellationToken).ConfigureAwait(false);
        PrimaryKey = found.PrimaryKey;
        CreatedAt = found.CreatedAt;
        UpdatedAt = found.UpdatedAt;
        return this;
    }

    public Task<TaskInfo> UpdateAsync(string primarykeytoChange, CancellationToken cancellationToken = default) =>
        _http.PatchAsync<TaskInfo>($"indexes/{Uid}", new { primaryKey = primarykeytoChange }, cancellationToken);

    public Task<TaskInfo> DeleteAsync(CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>($"indexes/{Uid}", cancellationToken);

    public Task<IndexStats> GetStatsAsync(CancellationToken cancellationToken = default) =>
        _http.GetAsync<IndexStats>($"indexes/{Uid}/stats", cancellationToken);

    public Task<Settings> GetSettingsAsync(CancellationToken cancellationToken = default) =>
        _http.GetAsync<Settings>($"indexes/{Uid}/settings", cancellationToken);

    /// <summary>What is null in <paramref name="settings"/> stays as it is.</summary>
    public Task<TaskInfo> UpdateSettingsAsync(Settings settings, CancellationToken cancellationToken = default) =>
        _http.PatchAsync<TaskInfo>($"indexes/{Uid}/settings", settings, cancellationToken);

    public Task<TaskInfo> ResetSettingsAsync(CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>($"indexes/{Uid}/settings", cancellationToken);

    public Task<TaskResource> GetTaskAsync(int taskUid, CancellationToken cancellationToken = default) =>
        new TaskEndpoint(_http).GetAsync(taskUid, cancellationToken);

    /// <inheritdoc cref="MeilisearchClient.WaitForTaskAsync"/>
    public Task<TaskResource> WaitForTaskAsync(
        int taskUid, double timeoutMs = 5000.0, int intervalMs = 50, CancellationToken cancellationToken = default) =>
        new TaskEndpoint(_http).WaitAsync(taskUid, timeoutMs, intervalMs, cancellationToken);

    internal Index With(MeilisearchHttp http)
    {
        _http = http;
        return this;
    }
}

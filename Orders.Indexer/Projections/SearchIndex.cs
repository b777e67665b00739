using System.Buffers;
using System.Text;
using System.Text.Json;
using Meilisearch;
using Meilisearch.QueryParameters;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using Orders.Contracts;

namespace Orders.Indexer.Projections;

/// <summary>
/// An index of orders. Meilisearch answers a write with 202 before anything has happened, and
/// what fails later is not repeated by it; so every write here ends with the task's own outcome, never with the 202.
/// </summary>
internal sealed partial class SearchIndex(
    MeilisearchClient client, IOptions<SearchOptions> options, TimeProvider time, ILogger<SearchIndex> logger,
    string uid = WireNames.Indexes.Orders)
{
    /// <summary>Into how many tasks one that failed is split.</summary>
    private const int Parts = 16;

    private readonly SearchOptions _options = options.Value;

    public string Uid => uid;

    /// <summary>Another index on the same server.</summary>
    public SearchIndex Named(string other) => new(client, options, time, logger, other);

    /// <summary>What tells this index from any other that ever had its name; null when there is none of that name.</summary>
    public async Task<DateTimeOffset?> IdentityAsync(CancellationToken cancel)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        try
        {
            return (await client.GetIndexAsync(Uid, cancel)).CreatedAt;
        }
        catch (MeilisearchApiError error) when (error.Code is "index_not_found")
        {
            return null;
        }
    }

    /// <summary>
    /// Creates the index and brings its settings to what is wanted, before any document: changed settings re-index
    /// everything. Several processes may do this at once: a second creation fails without harm, settings are the same ones.
    /// </summary>
    /// <returns>Whether there was such an index before.</returns>
    public async Task<bool> PrepareAsync(CancellationToken cancel)
    {
        var desired = SearchSettings.Desired(_options);
        var actual = await SettingsAsync(cancel);
        if (actual is not null && !SearchSettings.Differ(desired, actual)) return true;
        var created = await WaitAsync(await client.CreateIndexAsync(Uid, SearchSettings.PrimaryKey, cancel), cancel);
        if (created.Status is not TaskInfoStatus.Succeeded && Code(created) is not "index_already_exists") throw Failed(created);
        var updated = await WaitAsync(await client.Index(Uid).UpdateSettingsAsync(desired, cancel), cancel);
        if (updated.Status is not TaskInfoStatus.Succeeded) throw Failed(updated);
        LogPrepared(Uid);
        return actual is not null;
    }

    /// <summary>
    /// Returns when everything that was queued for the index before this call has been applied or has failed: a marker
    /// without effect is queued behind it, and the tasks of an index run in order.
    /// </summary>
    public async Task SettleAsync(CancellationToken cancel) =>
        await WaitAsync(await client.Index(Uid).DeleteOneDocumentAsync("no-such-order", cancel), cancel);

    /// <summary>
    /// The versions of those orders that are in the index, by order id, in one request. The ids must be possible document ids:
    /// they stand in a filter expression as they are.
    /// </summary>
    public async Task<Dictionary<string, int>> VersionsAsync(IReadOnlyList<string> orderIds, CancellationToken cancel)
    {
        var query = new DocumentsQuery
        {
            Filter = $"{SearchSettings.PrimaryKey} IN [{string.Join(',', orderIds)}]",
            Fields = ["id", "version"],
            Limit = orderIds.Count,
        };
        var found = await client.Index(Uid).GetDocumentsAsync<Found>(query, cancel);
        return found.Results.ToDictionary(document => document.Id, document => document.Version, StringComparer.Ordinal);
    }

    /// <summary>
    /// Replaces the documents and waits until they are searchable. Null, or why Meilisearch will not take one of them;
    /// every failure that says nothing about a document is an exception.
    /// </summary>
    /// <param name="documents">The documents.</param>
    /// <param name="cancel">Stops the waiting, not the task.</param>
    /// <param name="enqueued">Called when the task is accepted.</param>
    public async Task<string?> ReplaceAsync(
        IReadOnlyList<OrderDocument> documents, CancellationToken cancel, Action? enqueued = null)
    {
        TaskResource done;
        try
        {
            var queued = await client.Index(Uid).AddDocumentsNdjsonAsync(Ndjson(documents), SearchSettings.PrimaryKey, cancel);
            enqueued?.Invoke();
            done = await WaitAsync(queued, cancel);
        }
        catch (MeilisearchApiError error) when (IsAboutDocuments(error.Code))
        {
            return error.Message;
        }

        if (done.Status is TaskInfoStatus.Succeeded) return null;
        return IsAboutDocuments(Code(done)) ? $"{Code(done)}: {done.Error?.GetValueOrDefault("message")}" : throw Failed(done);
    }

    /// <summary>
    /// One bad document fails its whole task and no other. It is found by sending the task again in parts, all at once, and
    /// the parts that fail again in smaller ones: four rounds for 5,000 documents, because what a round costs is a batch of
    /// Meilisearch's, however many tasks are in it. All other documents are indexed on the way.
    /// </summary>
    /// <returns>The documents that it will never take, each with the reason.</returns>
    public async Task<List<(OrderDocument Document, string Why)>> ReplaceAllAsync(
        IReadOnlyList<OrderDocument> documents, CancellationToken cancel, Action? enqueued = null)
    {
        var rejected = new List<(OrderDocument, string)>();
        List<OrderDocument[]> parts = [[.. documents]];
        while (parts.Count > 0)
        {
            var refusals = await Task.WhenAll(parts.Select(part => ReplaceAsync(part, cancel, enqueued)));
            // What is sent once more in parts was accepted before.
            enqueued = null;
            var refused = parts.Zip(refusals).Where(part => part.Second is not null).ToList();
            rejected.AddRange(refused.Where(part => part.First.Length == 1).Select(part => (part.First[0], part.Second!)));
            parts = [.. refused.Where(part => part.First.Length > 1)
                .SelectMany(part => part.First.Chunk((part.First.Length + Parts - 1) / Parts))];
        }

        return rejected;
    }

    /// <summary>Takes documents out and waits until they are gone; those that are not there are no matter.</summary>
    public async Task RemoveAsync(IReadOnlyList<string> orderIds, CancellationToken cancel)
    {
        var done = await WaitAsync(await client.Index(Uid).DeleteDocumentsAsync(orderIds, cancel), cancel);
        if (done.Status is not TaskInfoStatus.Succeeded) throw Failed(done);
    }

    /// <summary>
    /// Looks until the task has ended. A task that is not known (any more) ends in an exception like every other failure:
    /// what it carried is sent again. The looks are not traced: dozens of them would hide the one call that matters.
    /// </summary>
    public async Task<TaskResource> WaitAsync(TaskInfo queued, CancellationToken cancel)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        var wait = _options.TaskPollMin;
        while (true)
        {
            var task = await client.GetTaskAsync(queued.TaskUid, cancel);
            if (task.Status is TaskInfoStatus.Succeeded or TaskInfoStatus.Failed or TaskInfoStatus.Canceled) return task;
            await Task.Delay(wait, time, cancel);
            wait = wait * 1.5 < _options.TaskPollMax ? wait * 1.5 : _options.TaskPollMax;
        }
    }

    /// <summary>Makes the index if there is none; one that is there stays as it is.</summary>
    public async Task PrepareMissingAsync(CancellationToken cancel)
    {
        if (await IdentityAsync(cancel) is null) await PrepareAsync(cancel);
    }

    public async Task<bool> HasOtherSettingsAsync(CancellationToken cancel) =>
        await SettingsAsync(cancel) is { } actual && SearchSettings.Differ(SearchSettings.Desired(_options), actual);

    private async Task<Settings?> SettingsAsync(CancellationToken cancel)
    {
        try
        {
            return await client.Index(Uid).GetSettingsAsync(cancel);
        }
        catch (MeilisearchApiError error) when (error.Code is "index_not_found")
        {
            return null;
        }
    }

    /// <summary>
    /// Codes that blame a document. Only they make a dead letter: everything else (no space, an internal error, a key that
    /// was revoked) would fail the next order in the same way, so it is waited out.
    /// </summary>
    internal static bool IsAboutDocuments(string? code) =>
        code is "malformed_payload" or "payload_too_large" or "max_fields_limit_exceeded"
        || (code?.Contains("document", StringComparison.Ordinal) == true && code is not "document_not_found");

    /// <summary>What Meilisearch accepts as a document id.</summary>
    internal static bool IsDocumentId(string id) =>
        id.Length is > 0 and <= 511 && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static string Ndjson(IReadOnlyList<OrderDocument> documents)
    {
        var buffer = new ArrayBufferWriter<byte>(documents.Count * 1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = OrdersJson.Encoder, SkipValidation = true }))
        {
            foreach (var document in documents)
            {
                JsonSerializer.Serialize(writer, document, OrdersJson.Default.OrderDocument);
                writer.Flush();
                writer.Reset();
                buffer.Write("\n"u8);
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string? Code(TaskResource task) => task.Error?.GetValueOrDefault("code");

    public static SearchTaskException Failed(TaskResource task) =>
        new($"task {task.Uid} {task.Status}: {Code(task)}: {task.Error?.GetValueOrDefault("message")}");

    [LoggerMessage(LogLevel.Information, "Index {Index} has its settings")]
    private partial void LogPrepared(string index);

    private sealed record Found(
        [property: System.Text.Json.Serialization.JsonPropertyName("id")] string Id,
        [property: System.Text.Json.Serialization.JsonPropertyName("version")] int Version);
}

/// <summary>A task of Meilisearch failed for a reason that is not a document's.</summary>
internal sealed class SearchTaskException(string message) : Exception(message);

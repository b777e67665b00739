using System.Text.Json;
using Meilisearch;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Index = Meilisearch.Index;

namespace Orders.Api.Features.DataCatalog;

/// <summary>
/// Asks every server what it holds, all at once, each for a bounded time. What one of them cannot say just now is absent from its
/// datasets, with the reason, and from no others. An answer serves everybody for a moment.
/// </summary>
internal sealed partial class CatalogReader(
    CatalogTables tables, CatalogTopics topics, MeilisearchClient search, IOptions<DataCatalogOptions> options, TimeProvider time,
    ILogger<CatalogReader> logger) : IDisposable
{
    private static readonly Dataset Documents = new(
        WireNames.Indexes.Orders + " (search)", "search", "Orders as documents that can be searched",
        "meilisearch: index " + WireNames.Indexes.Orders,
        [.. OrdersJson.Default.OrderDocument.Properties.Select(field => new Column(field.Name, TypeOf(field.PropertyType)))]);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private Catalog? _known;

    public async Task<Catalog> ReadAsync(CancellationToken cancel)
    {
        if (Fresh() is { } known) return known;
        await _gate.WaitAsync(cancel);
        try
        {
            return Fresh() ?? (_known = await AskAsync(cancel));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private Catalog? Fresh() => _known is { } known && time.GetUtcNow() - known.At < options.Value.CacheFor ? known : null;

    private async Task<Catalog> AskAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(options.Value.Timeout);
        var token = patience.Token;
        var places = Try("kafka", topics.ReadAsync(options.Value.Timeout, token), cancel);
        var stored = Try("postgresql", tables.ReadAsync(options.Value.CountedBytesMax, token), cancel);
        var newest = Try("postgresql", tables.NewestOrderAsync(token), cancel);
        var facts = Try("postgresql", tables.FactsAsync(token), cancel);
        var files = Try("postgresql", tables.FilesAsync(token), cancel);
        var store = Try("postgresql", tables.ArchiveStoreAsync(token), cancel);
        var documents = Try("meilisearch", DocumentsAsync(token), cancel);
        var kafka = await places;
        List<Dataset> all =
        [
            .. Tables(await stored, await newest, await facts, kafka),
            .. Topics(kafka, await newest),
            Archive(await files, await store, kafka),
            WithLag(await documents is { Value: { } found } ? found : Documents with { Unavailable = (await documents).Reason },
                kafka, kafka.Value?.Search),
        ];
        return new Catalog(time.GetUtcNow(), [.. all.OrderBy(dataset => Array.IndexOf(Layers, dataset.Layer))]);
    }

    private static readonly string[] Layers = ["source", "topic", "bronze", "silver", "gold", "search"];

    private static IEnumerable<Dataset> Tables(
        Answer<IReadOnlyList<Dataset>> stored, Answer<DateTimeOffset?> newest, Answer<Reached> facts, Answer<TopicPlaces> kafka)
    {
        foreach (var table in stored.Value ?? [.. CatalogTables.All.Select(table => table with { Unavailable = stored.Reason })])
        {
            yield return table.Layer == "source"
                ? table with { NewestEventAt = newest.Value, Unavailable = table.Unavailable ?? newest.Reason }
                : WithLag(table with { NewestEventAt = facts.Value?.Newest, Unavailable = table.Unavailable ?? facts.Reason },
                    kafka, facts.Value?.Next);
        }
    }

    private static IEnumerable<Dataset> Topics(Answer<TopicPlaces> kafka, Answer<DateTimeOffset?> newest) =>
        CatalogTopics.All.Select(topic => kafka.Value is { } places
            ? topic with
            {
                Rows = places.Records(topic.Name),
                NewestEventAt = topic.Name == WireNames.Topics.OrderEvents ? newest.Value : null,
            }
            : topic with { Unavailable = kafka.Reason });

    private static Dataset Archive(Answer<Reached> files, Answer<(string, int?)?> store, Answer<TopicPlaces> kafka)
    {
        var archive = CatalogTables.Archive with { Unavailable = files.Reason ?? store.Reason };
        if (store.Value is { } known) archive = archive with { Location = known.Item1, RetentionDays = known.Item2 };
        return WithLag(archive with { Rows = files.Value?.Rows, NewestEventAt = files.Value?.Newest }, kafka, files.Value?.Next);
    }

    private static Dataset WithLag(Dataset dataset, Answer<TopicPlaces> kafka, IReadOnlyDictionary<int, long>? next) =>
        kafka.Value is { } places && next is not null
            ? dataset with { LagEvents = places.Lag(next) }
            : dataset with { Unavailable = dataset.Unavailable ?? kafka.Reason };

    private async Task<Dataset> DocumentsAsync(CancellationToken cancel)
    {
        var index = search.Index(WireNames.Indexes.Orders);
        var stats = await index.GetStatsAsync(cancel);
        return Documents with { Rows = stats.NumberOfDocuments, NewestEventAt = await NewestAsync(index, cancel) };
    }

    private static async Task<DateTimeOffset?> NewestAsync(Index index, CancellationToken cancel)
    {
        var newest = new SearchQuery { Limit = 1, Sort = ["updated_at_ms:desc"], AttributesToRetrieve = ["updated_at"] };
        var hits = (await index.SearchAsync<JsonElement>("", newest, cancel)).Hits;
        return hits.Count == 0 ? null : hits.First().GetProperty("updated_at").GetDateTimeOffset();
    }

    /// <summary>What a server says, or why it does not.</summary>
    private async Task<Answer<T>> Try<T>(string server, Task<T> answer, CancellationToken cancel)
    {
        try
        {
            return new Answer<T>(await answer.WaitAsync(options.Value.Timeout * 2, time, cancel), null);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            // The edge: one server that is away must not hide the others. What exactly was wrong is for the log.
            LogUnavailable(server, failure);
            return new Answer<T>(default, $"{server} did not answer");
        }
    }

    private static string TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var plain when plain == typeof(string) || plain.IsEnum => "string",
        var plain when plain == typeof(DateTimeOffset) => "date-time",
        var plain when plain == typeof(int) || plain == typeof(long) => "integer",
        var plain when plain == typeof(decimal) => "number",
        var plain when plain.IsAssignableTo(typeof(System.Collections.IEnumerable)) => "array",
        _ => "object",
    };

    [LoggerMessage(LogLevel.Warning, "The catalogue of data goes without {Server}")]
    private partial void LogUnavailable(string server, Exception failure);

    private sealed record Answer<T>(T? Value, string? Reason);
}

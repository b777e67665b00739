using System.Text.Json;
using Meilisearch;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Persistence;
using Orders.Contracts;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features.Explaining;

/// <summary>Collects what database, change feed, search index and cache say of an order, and compares.</summary>
internal sealed class OrderExplainer(
    NpgsqlDataSource database, MeilisearchClient search, OrderCache cache, IOptions<ExplainOptions> options, TimeProvider time)
{
    /// <summary>Null when there is no such order.</summary>
    public async Task<Explanation?> ExplainAsync(string id, CancellationToken cancel)
    {
        // The copies first: what the database says is then at least as new as what they could know.
        var cached = await cache.GetAsync(id, cancel);
        var document = await DocumentAsync(id, cancel);
        if (await OrderFacts.ReadAsync(database, id, cancel) is not { } facts) return null;

        var state = OrderBytes.Read(facts.Newest.Json);
        var isYoung = time.GetUtcNow() - facts.Timeline[^1].At < options.Value.PendingMax;
        var stored = StoredRows.Compare(facts, state);
        var events = facts.Timeline.Select(change => Trail(id, change, facts)).ToArray();
        var inSearch = Search(document, state, isYoung, IsOutside(state, facts));
        var inCache = Cache(cached, facts.Newest);
        var findings = Findings(stored, events, inSearch, inCache).ToArray();
        return new Explanation(
            id, state.Status, state.Version, findings.Length == 0, findings, facts.Timeline, events, stored, inSearch, inCache);
    }

    private EventTrail Trail(string id, Change change, OrderFacts facts)
    {
        var eventId = OrderEvent.IdOf(id, change.Version);
        if (!facts.Published.TryGetValue(change.Version, out var published))
        {
            var late = time.GetUtcNow() - change.At >= options.Value.PendingMax;
            return new EventTrail(
                eventId, change.Version, change.Type, late ? EventTrail.Late : EventTrail.Pending, null, null, null, change.TraceId);
        }

        var place = published is { KafkaPartition: { } partition, KafkaOffset: { } offset }
            ? new KafkaPlace(WireNames.Topics.OrderEvents, partition, offset, published.PublishedAt)
            : null;
        return new EventTrail(
            eventId, change.Version, change.Type, EventTrail.Published, published.OutboxPosition, published.Position, place,
                change.TraceId);
    }

    /// <summary>The document in the index; null: there is none; no JSON object: the engine did not say.</summary>
    private async Task<JsonElement?> DocumentAsync(string id, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(options.Value.SearchTimeout);
        try
        {
            return await search.Index(WireNames.Indexes.Orders).GetDocumentAsync<JsonElement>(id, cancellationToken: patience.Token);
        }
        catch (MeilisearchApiError error) when (error.Code is "document_not_found" or "index_not_found")
        {
            return null;
        }
        catch (Exception error) when (!cancel.IsCancellationRequested && error is not OutOfMemoryException)
        {
            return default(JsonElement);
        }
    }

    private static bool IsOutside(OrderState state, OrderFacts facts) => !state.Status.IsOpen() && state.PlacedAt < facts.SearchedSince;

    private static CopyEvidence Search(JsonElement? document, OrderState state, bool isYoung, bool isOutside)
    {
        if (document is null && isOutside) return new(null, CopyEvidence.OlderThanWindow, true);
        if (document is not { } found)
            return isYoung ? new(null, CopyEvidence.Pending, true) : new(null, CopyEvidence.Absent, false);
        if (found.ValueKind != JsonValueKind.Object) return new(null, CopyEvidence.Unreachable, false);
        var version = found.TryGetProperty("version", out var number) && number.TryGetInt32(out var value) ? value : 0;
        if (version < state.Version)
            return isYoung ? new(version, CopyEvidence.Pending, true) : new(version, CopyEvidence.Older, false);
        if (version > state.Version) return new(version, CopyEvidence.Newer, false);
        // By value: the engine keeps fields in an order of its own and numbers without their trailing zeros.
        var expected = JsonSerializer.SerializeToElement(OrderDocument.From(state), OrdersJson.Default.OrderDocument);
        return JsonElement.DeepEquals(found, expected)
            ? new(version, CopyEvidence.Same, true)
            : new(version, CopyEvidence.OtherContent, false);
    }

    private static CopyEvidence Cache(CachedOrder? cached, StoredOrder newest)
    {
        if (cached is not { } entry) return new(null, CopyEvidence.Absent, true);
        if (entry.Version > newest.Version) return new(entry.Version, CopyEvidence.Newer, false);
        if (entry.Version < newest.Version) return new(entry.Version, CopyEvidence.Older, false);
        return entry.Json.Span.SequenceEqual(newest.Json)
            ? new(entry.Version, CopyEvidence.Same, true)
            : new(entry.Version, CopyEvidence.OtherContent, false);
    }

    private static IEnumerable<string> Findings(
        StoredEvidence stored, IReadOnlyList<EventTrail> events, CopyEvidence search, CopyEvidence cache)
    {
        foreach (var difference in stored.Differences) yield return $"{difference} is not what the history says";
        foreach (var late in events.Where(trail =>
            trail.State == EventTrail.Late)) yield return $"event {late.Id} was not published in time";
        if (!search.Agrees) yield return $"search: {search.Says}";
        if (!cache.Agrees) yield return $"cache: {cache.Says}";
    }
}

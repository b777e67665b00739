using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// Somebody's wish to be told of events. The indexer reads it and writes what comes of it (failures, holds, disabling); the api
/// writes the rest, column by column, so neither overwrites the other.
/// </summary>
internal sealed class WebhookSubscription
{
    public const string IdPrefix = "whk-";

    /// <summary>Instead of types: all events.</summary>
    public const string AllEvents = "*";

    /// <summary>Why it is disabled: its owner asked for it. The indexer's reasons are <c>failing</c> and <c>gone</c>.</summary>
    public const string Requested = "requested";

    /// <summary>The key that made it was revoked.</summary>
    public const string KeyRevoked = "key_revoked";

    public required string Id { get; init; }

    public required string OwnerKey { get; init; }

    /// <summary>Whose events it hears of; null: of all customers.</summary>
    public string? CustomerId { get; init; }

    public required string Url { get; set; }

    public required string[] EventTypes { get; set; }

    public string? Description { get; set; }

    public required string Secret { get; set; }

    public string? PreviousSecret { get; set; }

    public DateTimeOffset? PreviousSecretUntil { get; set; }

    /// <summary>Events before are not for it. A little before its creation: clocks differ.</summary>
    public required DateTimeOffset EventsFrom { get; init; }

    public required bool Active { get; set; }

    public string? DisabledReason { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    public int ConsecutiveFailures { get; set; }

    public DateTimeOffset? FailingSince { get; set; }

    public DateTimeOffset? LastSuccessAt { get; set; }

    public DateTimeOffset? HeldUntil { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    public static string NewId(DateTimeOffset now) => IdPrefix + Guid.CreateVersion7(now);

    public static bool IsId(string text) =>
        text.Length == IdPrefix.Length + 36 && text.StartsWith(IdPrefix, StringComparison.Ordinal)
        && Guid.TryParseExact(text.AsSpan(IdPrefix.Length), "D", out _);
}

internal static class WebhookQueries
{
    /// <summary>
    /// Takes the secret out of the reply that a repeated create would get: the webhook has another one by now, or is deleted. All else
    /// stays as it was.
    /// </summary>
    public static Task<int> ForgetSecretAsync(this OrdersDbContext db, string id, CancellationToken cancel)
    {
        var location = "/v1/webhooks/" + id;
        return db.Database.ExecuteSqlAsync(
            $"""
            update idempotency_keys set body = (body::jsonb - 'secret')::json
            where location = {location} and location like '/v1/webhooks/%' and body is not null
            """, cancel);
    }

    /// <summary>A bound caller sees what belongs to its customer, any other caller everything.</summary>
    public static IQueryable<WebhookSubscription> VisibleTo(this IQueryable<WebhookSubscription> subscriptions, Caller caller) =>
        subscriptions.Where(s => s.DeletedAt == null && (caller.CustomerId == null || s.CustomerId == caller.CustomerId));
}

using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Access.Administration;

/// <summary>
/// A key on the wire. <paramref name="Token"/> stands only in the reply that makes it: nothing can tell it again. Limits that are
/// absent are the server's defaults.
/// </summary>
internal sealed record KeyState(
    string Id, string? Token, string Name, string[] Scopes, string? CustomerId, int? RequestsPerSecond, int? Burst, bool Configured,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    public static KeyState Of(AccessKey key, string? token = null) => new(
        key.Id, token, key.Name, key.Scopes, key.CustomerId, key.RequestsPerSecond, key.Burst, key.Configured,
        key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.LastUsedAt);
}

internal static class KeyReplies
{
    public static IResult NotFound(string id) => new OrderError.NotFound("key", id).ToProblem();

    /// <summary>Why a key that is there does not change; null when it may.</summary>
    public static IResult? Unchangeable(AccessKey key) => key switch
    {
        { Configured: true } => Problems.Of(ProblemTypes.ConfiguredKey,
            $"key '{key.Id}' comes from the server's configuration and is changed or removed only there"),
        { RevokedAt: not null } => Problems.Of(ProblemTypes.RevokedKey,
            $"key '{key.Id}' was revoked and stays so; create another one"),
        _ => null,
    };

    /// <summary>A reply with a secret is for the one who asked, and for no cache on the way.</summary>
    public static void Unstored(HttpResponse response) => response.Headers.CacheControl = "no-store";
}

using Orders.Api.Docs;
using Orders.Api.Http;

namespace Orders.Api.Access.Administration;

internal static class KeyExtensions
{
    private const string Secret = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF";

    private static readonly KeyState Example = new(
        Examples.KeyId, null, "the shop's back office", [Scopes.OrdersRead, Scopes.OrdersWrite], null, 50, 100, Configured: false,
        Examples.At, Examples.Far, null, Examples.At.AddDays(1));

    public static void MapKeys(this WebApplication app)
    {
        var keys = app.MapGroup("/v1/keys").WithTags("Keys").RequireScope(Scopes.Admin)
            .Route("id", Values.Text(KeyToken.IdLengthMax), "The key's id: what stands between `ordk_` and the next `_`.", Examples.KeyId);
        keys.MapPost("", CreateKey.Handle)
            .Describe("Create a key", "The reply is the only one that ever shows the token. A key with a `customer_id` is bound to that "
                + "customer and sees nothing of anybody else.")
            .Takes(new CreateKey.Body("the shop's back office", [Scopes.OrdersRead, Scopes.OrdersWrite], null, 50, 100, Examples.Far))
            .Replies(201, "The key, with its token.", Example with { Token = KeyToken.Of(Examples.KeyId, Secret) }, CommonHeaders.Location)
            .Refuses(ProblemTypes.UnusableReference);
        keys.MapGet("", ListKeys.Handle)
            .Describe("List keys", "By id, page by page, revoked ones too.")
            .Paged()
            .Replies(200, "One page.", new Page<KeyState>([Example], Examples.Cursor));
        keys.MapGet("/{id}", GetKey.Handle)
            .Describe("Read a key", "Without its token, which nothing can tell again.")
            .Replies(200, "The key.", Example)
            .Refuses(ProblemTypes.NotFound);
        keys.MapPatch("/{id}", ChangeKey.Handle)
            .Describe("Change a key", "Name, limits and expiry. What is absent stays; null takes a limit or the expiry away. For other "
                + "scopes create another key.")
            .Takes(new { requests_per_second = 200, burst = 400 })
            .Replies(200, "The key as it is now.", Example with { RequestsPerSecond = 200, Burst = 400 })
            .Refuses(ProblemTypes.NotFound, ProblemTypes.ConfiguredKey, ProblemTypes.RevokedKey);
        keys.MapDelete("/{id}", RevokeKey.Handle)
            .Describe("Revoke a key", "For ever. Revoking it again changes nothing.")
            .Replies(204, "It is revoked.")
            .Refuses(ProblemTypes.NotFound, ProblemTypes.ConfiguredKey);
        keys.MapPost("/{id}/rotate", RotateKey.Handle)
            .Describe("Give a key a new secret", "Seen in this reply alone. The secret before stays valid for `grace_seconds`.")
            .Takes(new RotateKey.Body(3600))
            .Replies(200, "The key, with its new token.", Example with { Token = KeyToken.Of(Examples.KeyId, Secret) })
            .Refuses(ProblemTypes.NotFound, ProblemTypes.ConfiguredKey, ProblemTypes.RevokedKey, ProblemTypes.Contended);
    }
}

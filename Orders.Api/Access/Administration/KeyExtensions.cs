namespace Orders.Api.Access.Administration;

internal static class KeyExtensions
{
    public static void MapKeys(this WebApplication app)
    {
        var keys = app.MapGroup("/v1/keys").WithTags("Keys").RequireScope(Scopes.Admin);
        keys.MapPost("", CreateKey.Handle);
        keys.MapGet("", ListKeys.Handle);
        keys.MapGet("/{id}", GetKey.Handle);
        keys.MapPatch("/{id}", ChangeKey.Handle);
        keys.MapDelete("/{id}", RevokeKey.Handle);
        keys.MapPost("/{id}/rotate", RotateKey.Handle);
    }
}

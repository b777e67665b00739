using Microsoft.EntityFrameworkCore;
using Orders.Api.Persistence;

namespace Orders.Api.Access.Administration;

/// <summary><c>GET /v1/keys/{id}</c>.</summary>
internal static class GetKey
{
    public static async Task<IResult> Handle(string id, OrdersDbContext db, CancellationToken cancel) =>
        id.Contains('\0') || await db.Keys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == id, cancel) is not { } key
            ? KeyReplies.NotFound(id)
            : TypedResults.Ok(KeyState.Of(key));
}

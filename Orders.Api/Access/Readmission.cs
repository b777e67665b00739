using Microsoft.AspNetCore.Http.Features;
using Orders.Api.Http;

namespace Orders.Api.Access;

/// <summary>Asks again what <see cref="Gate"/> asked at the beginning, for requests that last long.</summary>
internal static class Readmission
{
    /// <summary>
    /// Whether the key would still be let in: it has not been revoked, has not expired and has not lost the scope. While the database does
    /// not answer, it is.
    /// </summary>
    public static async Task<bool> IsStillGoodAsync(HttpContext context, CancellationToken cancel)
    {
        var services = context.RequestServices;
        var keys = services.GetRequiredService<KeyRing>();
        var admitted = context.Features.GetRequiredFeature<Admission>().Key;
        try
        {
            if (!keys.TryGet(admitted.Caller.KeyId, out var key)) key = await keys.LookUpAsync(admitted.Caller.KeyId, cancel);
            var needs = Gate.Required(context.GetEndpoint()).Needs(admitted.Caller.CustomerId is not null);
            return key is not null && key.Caller == admitted.Caller && (key.Grants & needs) == needs
                && Gate.Accepts(context, key, services.GetRequiredService<TimeProvider>());
        }
        catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            return true;
        }
    }
}

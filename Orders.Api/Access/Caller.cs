using System.Reflection;

namespace Orders.Api.Access;

/// <summary>
/// Who is asking. Handlers take it as a parameter.
/// </summary>
/// <param name="KeyId">The id of the key, never the key itself; the owner of idempotency keys.</param>
/// <param name="CustomerId">
/// The customer that the key is bound to, or null. A bound caller does not learn that anybody else's order, address or
/// reply exists: it is 404 for them, and lists and searches hold their own alone.
/// </param>
internal sealed record Caller(string KeyId, string? CustomerId)
{
    public bool MaySee(string customerId) => CustomerId is null || CustomerId == customerId;

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo _) =>
        ValueTask.FromResult<Caller?>(context.Features.Get<Admission>()?.Key.Caller
            ?? throw new InvalidOperationException("an anonymous endpoint has no caller"));
}

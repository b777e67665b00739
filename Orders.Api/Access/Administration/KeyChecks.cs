using Orders.Api.Http;

namespace Orders.Api.Access.Administration;

/// <summary>What a key may be.</summary>
internal static class KeyChecks
{
    public const int NameLengthMax = 100;

    public static void Name(Check check, string? name) => check.Text("name", name, max: NameLengthMax);

    public static void Rate(Check check, string field, int? value)
    {
        if (value is not null) check.Range(field, value, 1, AccessOptions.RateMax);
    }

    public static void Expiry(Check check, DateTimeOffset? at, TimeProvider time)
    {
        if (at <= time.GetUtcNow()) check.Fail("expires_at", "must be in the future");
    }

    public static void Granted(Check check, IReadOnlyList<string?>? scopes, string? customerId)
    {
        if (scopes is not { Count: > 0 })
        {
            check.Fail("scopes", "must name at least one of " + string.Join(", ", Scopes.All));
            return;
        }

        if (scopes.Count > Scopes.All.Count) check.Fail("scopes", "must name no scope twice");
        foreach (var scope in scopes.Take(Scopes.All.Count))
        {
            if (check.OneOf("scopes", scope, Scopes.All) && customerId is not null && !Scopes.OfBoundKeys.Contains(scope))
                check.Fail("scopes", $"must not have {scope}: a key bound to a customer may have " + string.Join(", ", Scopes.OfBoundKeys));
        }
    }

    /// <summary>A customer's id as it may stand, quoted, in the filter of a search.</summary>
    public static bool Customer(Check check, string customerId)
    {
        if (!check.Text("customer_id", customerId, max: 64)) return false;
        if (IsQuotable(customerId)) return true;
        check.Fail("customer_id", "must not contain quotes or backslashes");
        return false;
    }

    public static bool IsQuotable(string customerId) => !customerId.AsSpan().ContainsAny('"', '\'', '\\');
}

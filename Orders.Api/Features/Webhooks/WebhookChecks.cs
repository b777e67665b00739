using System.Globalization;
using Orders.Api.Http;
using Orders.Contracts;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Api.Features.Webhooks;

/// <summary>What a subscription may be.</summary>
internal static class WebhookChecks
{
    public const int DescriptionLengthMax = 500;

    private static readonly string[] Known = [.. OrderEventTypes.All, WireNames.SystemAlarm];

    public static void Url(Check check, string? url, WebhookTargets targets, WebhookLimits limits)
    {
        if (!check.Text("url", url, limits.UrlLengthMax)) return;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed)) check.Fail("url", "must be an absolute address");
        else if (targets.Refuse(parsed) is { } reason) check.Fail("url", reason);
    }

    /// <param name="check">Takes what is wrong.</param>
    /// <param name="types">What the subscription wants.</param>
    /// <param name="customerId">The customer whose events it gets; null: those of all.</param>
    public static void Types(Check check, IReadOnlyList<string?>? types, string? customerId)
    {
        if (types is null)
        {
            check.Fail("event_types", "is required");
            return;
        }

        if (types.Count == 0 || types.Count > Known.Length)
            check.Fail("event_types", string.Create(CultureInfo.InvariantCulture, $"must hold 1 to {Known.Length} types"));
        else if (types.Contains(WebhookSubscription.AllEvents) && types.Any(type => OrderEventTypes.All.Contains(type!)))
            check.Fail("event_types", "must hold no type of orders beside '*', which means all of them");
        if (customerId is not null && types.Contains(WireNames.SystemAlarm))
            check.Fail("event_types", $"'{WireNames.SystemAlarm}' is for subscriptions that are bound to no customer");
        for (var i = 0; i < Math.Min(types.Count, Known.Length); i++)
        {
            if (types[i] is not WebhookSubscription.AllEvents)
                check.OneOf(string.Create(CultureInfo.InvariantCulture, $"event_types[{i}]"), types[i], Known);
        }
    }

    public static void Description(Check check, string? text)
    {
        if (text is not null) check.Text("description", text, DescriptionLengthMax, required: false);
    }

    public static void Secret(Check check, string? secret)
    {
        if (secret is not null && WebhookSecret.Read(secret) is null)
            check.Fail("secret", string.Create(CultureInfo.InvariantCulture,
                $"must be '{WebhookSecret.Prefix}' and base 64 of {WebhookSecret.BytesMin} to {WebhookSecret.BytesMax} bytes"));
    }

    public static string[] Distinct(IEnumerable<string?> types) => [.. types.Select(type => type!).Distinct(StringComparer.Ordinal)];
}

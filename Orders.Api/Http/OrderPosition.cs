using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>
/// What a write led to, as the header <c>Orders-Position</c>: an order and the version it has since. Callers hand it back as it is.
/// </summary>
internal readonly record struct OrderPosition(string OrderId, int Version)
{
    public const string Header = "Orders-Position";

    public static bool TryParse([NotNullWhen(true)] string? text, out OrderPosition position)
    {
        position = default;
        if (text is null || text.LastIndexOf(':') is var colon && colon < 0) return false;
        var id = text[..colon];
        if (!OrderIds.IsId(id) || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || version < 1) return false;
        position = new OrderPosition(id, version);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{OrderId}:{Version}");
}

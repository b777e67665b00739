using System.Globalization;
using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>Some pieces of some lines, as a request names them.</summary>
internal static class Pieces
{
    /// <summary>The lines that are meant, each once, within what is open.</summary>
    /// <param name="lines">What is asked for; null: everything that is open.</param>
    /// <param name="items">The order's lines.</param>
    /// <param name="open">Pieces of a line that can be meant.</param>
    /// <param name="gone">Why the others cannot.</param>
    /// <param name="field">The request's field.</param>
    public static Outcome<IReadOnlyList<LineQuantity>> Pick(
        IReadOnlyList<LineQuantity>? lines, IReadOnlyList<OrderItemState> items, Func<OrderItemState, int> open, string gone,
        string field = "lines")
    {
        var left = items.ToDictionary(item => item.Line, open);
        if (lines is null)
        {
            return new Outcome<IReadOnlyList<LineQuantity>>(
                [.. left.Where(line => line.Value > 0).Select(line => new LineQuantity(line.Key, line.Value))], null);
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var (line, quantity) = lines[i];
            if (!left.TryGetValue(line, out var most)) return Refused(i, "line", "the order has no such line");
            if (lines.Take(i).Any(other => other.Line == line)) return Refused(i, "line", "stands more than once");
            if (quantity > most)
                return Refused(i, "quantity", string.Create(CultureInfo.InvariantCulture, $"only {most} can be meant, the rest {gone}"));
        }

        return new Outcome<IReadOnlyList<LineQuantity>>([.. lines.OrderBy(line => line.Line)], null);

        Outcome<IReadOnlyList<LineQuantity>> Refused(int index, string name, string reason) =>
            new(null, new OrderError.Unusable(string.Create(CultureInfo.InvariantCulture, $"{field}[{index}].{name}"), reason));
    }

    public static int In(IReadOnlyList<LineQuantity> moved, int line) =>
        moved.FirstOrDefault(entry => entry.Line == line)?.Quantity ?? 0;

    /// <summary>What a counter is after the move; absent while nothing was moved.</summary>
    public static int? Plus(int? before, IReadOnlyList<LineQuantity> moved, int line) =>
        In(moved, line) is > 0 and var pieces ? (before ?? 0) + pieces : before;
}

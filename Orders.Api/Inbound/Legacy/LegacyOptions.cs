using System.ComponentModel.DataAnnotations;
using Orders.Contracts;

namespace Orders.Api.Inbound.Legacy;

/// <summary>Section <c>Orders:Inbound:Legacy</c>: the table of orders of another system, whose changes come by Debezium.</summary>
internal sealed class LegacyOptions
{
    public const string Section = "Orders:Inbound:Legacy";

    private static readonly Dictionary<string, OrderStatus> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["new"] = OrderStatus.Placed, ["created"] = OrderStatus.Placed, ["pending"] = OrderStatus.Placed,
        ["canceled"] = OrderStatus.Cancelled, ["completed"] = OrderStatus.Delivered,
    };

    /// <summary>The one table whose changes are taken, without its schema. Default orders.</summary>
    [Required, StringLength(128)]
    public string Table { get; set; } = "orders";

    /// <summary>Column of the primary key: text or a whole number. Default id.</summary>
    [Required, StringLength(128)]
    public string IdColumn { get; set; } = "id";

    /// <summary>Column of the customer's id, which must be one of the customers here. Default customer_id.</summary>
    [Required, StringLength(128)]
    public string CustomerColumn { get; set; } = "customer_id";

    /// <summary>Column of the order's total, VAT included. Default amount.</summary>
    [Required, StringLength(128)]
    public string AmountColumn { get; set; } = "amount";

    /// <summary>Column of the status; a table without it has orders that are placed and no more. Default status.</summary>
    [Required, StringLength(128)]
    public string StatusColumn { get; set; } = "status";

    /// <summary>
    /// What the table calls its statuses: its name to the name here. Without an entry the names here hold, in any case,
    /// and new, created and pending (placed), canceled (cancelled), completed (delivered).
    /// </summary>
    public Dictionary<string, OrderStatus> Statuses { get; set; } = [];

    /// <summary>The channel of these orders. Default legacy.</summary>
    [Required, StringLength(32)]
    public string Channel { get; set; } = "legacy";

    /// <summary>Null when the name is not known.</summary>
    public OrderStatus? StatusOf(string name)
    {
        // A column of fixed length (CHAR) fills its values up with spaces.
        name = name.Trim();
        foreach (var (own, status) in Statuses)
        {
            if (own.Equals(name, StringComparison.OrdinalIgnoreCase)) return status;
        }

        if (Known.TryGetValue(name, out var usual)) return usual;
        return OrderStatuses.TryParse(name.ToLowerInvariant(), out var same) ? same : null;
    }
}

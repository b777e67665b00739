using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features.Reading;

/// <summary>
/// Which orders a list or an export is about, as the query parameters say it. It becomes SQL conditions on <c>orders o</c>; what the
/// request says is in positional parameters, never in the text of the statement. A caller that is bound to a customer gets that
/// customer's orders alone, whatever the query says.
/// </summary>
internal sealed class OrderFilter
{
    private readonly List<string> _conditions = [];
    private readonly List<NpgsqlParameter> _values = [];
    private string? _status;

    private OrderFilter()
    {
    }

    /// <summary>The query parameters that are read here.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "id", "status", "customer_id", "product_id", "sku", "city_district", "postcode", "channel", "number", "external_id", "owed",
        "payment_reference", "tracking", "total_min", "total_max", "placed_from", "placed_to", "updated_from", "updated_to",
    ];

    /// <summary>The states that the query names, each once; empty: any.</summary>
    public IReadOnlyList<string> Statuses { get; private set; } = [];

    /// <summary>The parameter that holds <see cref="Statuses"/>, where there are several.</summary>
    public string StatusesParameter { get; private set; } = "";

    /// <summary>A condition on <c>orders o</c> with <c>$1</c> to <c>$n</c> for <see cref="ToParameters"/>.</summary>
    public string Where => All(_status is null ? _conditions : [_status, .. _conditions]);

    /// <summary>As <see cref="Where"/>, for who sees to <see cref="Statuses"/> in another way.</summary>
    public string WhereOfAnyStatus => All(_conditions);

    /// <summary>The number of parameters; those of a statement around the filter come after them.</summary>
    public int Count => _values.Count;

    /// <summary>The values, made anew for each command that they are added to.</summary>
    public NpgsqlParameter[] ToParameters() => [.. _values.Select(value => value.Clone())];

    /// <summary>The same text for the same orders: a cursor that was made with one filter is of no use with another.</summary>
    public string Fingerprint()
    {
        var text = new StringBuilder(Where);
        foreach (var value in _values)
        {
            var shown = value.Value is string[] texts ? string.Join('\n', texts) : value.Value;
            text.Append('\0').AppendFormat(CultureInfo.InvariantCulture, shown is DateTimeOffset ? "{0:O}" : "{0}", shown);
        }

        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 9));
    }

    /// <summary>Reads the filter from the query; what is wrong with it is in <paramref name="check"/>.</summary>
    /// <param name="query">The query. A parameter that nobody knows is refused: a misspelt filter would find too much.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="check">Takes what is wrong.</param>
    /// <param name="others">The endpoint's other parameters.</param>
    public static OrderFilter Read(IQueryCollection query, Caller caller, Check check, params ReadOnlySpan<string> others)
    {
        foreach (var (name, values) in query)
        {
            if (!Names.Contains(name, StringComparer.Ordinal) && !others.Contains(name))
                check.Fail(name, "is not a parameter of this address");
            else if (values.Count > 1 && name != "status") check.Fail(name, "stands more than once");
        }

        var filter = new OrderFilter();
        if (caller.CustomerId is { } own) filter.Add("o.customer_id = {0}", Sql.Text(own));
        filter.AddIds(query, check);
        filter.AddStatuses(query, check);
        filter.AddTexts(query, check);
        filter.AddTotals(query, check);
        if (One(query, "owed") is { } owed && check.OneOf("owed", owed, ["true", "false"]))
            filter._conditions.Add(owed == "true" ? "o.owed > 0" : "o.owed = 0");
        filter.AddInstants("placed", query, check);
        filter.AddInstants("updated", query, check);
        return filter;
    }

    private void AddStatuses(IQueryCollection query, Check check)
    {
        List<string> asked = [.. query["status"].Select(status => status ?? "").Distinct(StringComparer.Ordinal)];
        // One complaint will do, however many there are.
        if (asked.Find(status => !OrderStatuses.All.Contains(status, StringComparer.Ordinal)) is { } wrong)
            check.OneOf("status", wrong, OrderStatuses.All);
        else if (asked.Count > 0 && asked.Count < OrderStatuses.All.Count)
        {
            Statuses = [.. asked.Order(StringComparer.Ordinal)];
            // Equality, where it is one: only then an index can give its orders already sorted.
            _status = Statuses.Count == 1
                ? Numbered("o.status = {0}", Sql.Text(Statuses[0]))
                : Numbered("o.status = any({0})", Sql.Texts([.. Statuses]));
            StatusesParameter = Parameter(_values.Count);
        }
    }

    private void AddTexts(IQueryCollection query, Check check)
    {
        Text("customer_id", 64, "o.customer_id = {0}");
        Text("product_id", 64, "exists (select from order_items i where i.order_id = o.id and i.product_id = {0})");
        Text("sku", 64, "exists (select from order_items i where i.order_id = o.id and i.sku = {0})");
        Text("city_district", 200, "o.city_district = {0}");
        Text("postcode", 200, "o.postcode = {0}");
        Text("channel", 32, "o.channel = {0}");
        AddNumber(query, check);
        Text("external_id", 128, "o.external_id = {0}");
        Text("payment_reference", 128, "o.payment_reference = {0}");
        Text("tracking", 128, "exists (select from order_shipments s where s.order_id = o.id and s.tracking = {0})");

        void Text(string name, int max, string condition)
        {
            if (One(query, name) is { } value && check.Text(name, value, max)) Add(condition, Sql.Text(value));
        }
    }

    private void AddIds(IQueryCollection query, Check check)
    {
        if (One(query, "id") is not { } text) return;
        var ids = text.Split(',').Distinct(StringComparer.Ordinal).ToArray();
        if (ids.Length > ApiLimits.PageSizeMax)
            check.Fail("id", string.Create(CultureInfo.InvariantCulture, $"must hold at most {ApiLimits.PageSizeMax} ids"));
        else if (Array.Find(ids, id => !OrderIds.IsId(id)) is not null)
            check.Fail("id", "must be ids of orders, separated by commas");
        else Add("o.id = any({0})", Sql.Texts(ids));
    }

    /// <summary>As it is written, because other systems bring numbers of their own, or as it is meant.</summary>
    private void AddNumber(IQueryCollection query, Check check)
    {
        if (One(query, "number") is not { } number || !check.Text("number", number, 32)) return;
        if (OrderIds.MeantNumber(number) is { } meant && meant != number) Add("o.number = any({0})", Sql.Texts([number, meant]));
        else Add("o.number = {0}", Sql.Text(number));
    }

    private void AddTotals(IQueryCollection query, Check check)
    {
        var from = Amount("total_min");
        var to = Amount("total_max");
        if (from > to) check.Fail("total_max", "must not be less than total_min");
        if (from is not null) Add("o.total >= {0}", Sql.Amount(from));
        if (to is not null) Add("o.total <= {0}", Sql.Amount(to));

        decimal? Amount(string name)
        {
            if (One(query, name) is not { } text) return null;
            if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
                check.Fail(name, "must be an amount such as 19.99");
            else if (check.Decimals(name, amount, Currencies.DecimalsMax, Money.Max)) return amount;
            return null;
        }
    }

    private void AddInstants(string what, IQueryCollection query, Check check)
    {
        var (fromName, toName) = (what + "_from", what + "_to");
        var from = check.Instant(fromName, One(query, fromName));
        var to = check.Instant(toName, One(query, toName));
        if (from > to) check.Fail(toName, $"must not be before {fromName}");
        if (from is not null) Add($"o.{what}_at >= {{0}}", Sql.Instant(from));
        if (to is not null) Add($"o.{what}_at < {{0}}", Sql.Instant(to));
    }

    private void Add(string condition, NpgsqlParameter value) => _conditions.Add(Numbered(condition, value));

    private string Numbered(string condition, NpgsqlParameter value)
    {
        _values.Add(value);
        return string.Format(CultureInfo.InvariantCulture, condition, Parameter(_values.Count));
    }

    private static string Parameter(int number) => "$" + number.ToString(CultureInfo.InvariantCulture);

    private static string? One(IQueryCollection query, string name) => query[name] is [var value, ..] ? value ?? "" : null;

    private static string All(List<string> conditions) => conditions.Count == 0 ? "true" : string.Join(" and ", conditions);
}

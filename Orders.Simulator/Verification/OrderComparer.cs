using System.Globalization;
using System.Text.Json;
using Orders.Contracts;

namespace Orders.Simulator.Verification;

/// <summary>Compares what somebody says about an order with what it must be, and notes what differs.</summary>
internal sealed class OrderComparer(VerifyOrders orders, VerifyBook book, Findings findings)
{
    private readonly ExpectedOrder _expected = new(orders.Plan, orders.Currency);

    public VerifyPlan Plan => orders.Plan;

    /// <summary>An order as the API answers, lists and exports it.</summary>
    /// <param name="where">Who says so.</param>
    /// <param name="number">Which order it must be.</param>
    /// <param name="json">The order.</param>
    /// <param name="newerThan">The version that was acknowledged before anybody was asked: an older one is stale.</param>
    public void Compare(string where, int number, ReadOnlySpan<byte> json, int newerThan)
    {
        findings.Looked(where);
        OrderState found;
        try
        {
            found = JsonSerializer.Deserialize(json, OrdersJson.Default.OrderState) ?? throw new JsonException("is null");
        }
        catch (JsonException error)
        {
            Add(where, "content", number, new FieldDifference("", "an order", error.Message));
            return;
        }

        var known = book[number];
        if (!IsPossible(where, number, found.Version, newerThan, known)) return;
        // Not acknowledged yet: what only the API knows is what it says.
        if (!known.Exists)
        {
            known = known with
            {
                Id = Guid.Parse(found.Id[4..]), PlacedAt = found.PlacedAt, NumberBits = VerifyBook.Bits(found.Number),
            };
        }

        var expected = JsonSerializer.SerializeToUtf8Bytes(
            _expected.At(orders.At(number), found.Version, known, found), OrdersJson.Default.OrderState);
        if (json.SequenceEqual(expected)) return;
        Differ(where, number, expected, json.ToArray());
    }

    /// <summary>A document of the search index.</summary>
    /// <returns>False: it is older than <paramref name="newerThan"/>, and a newer one may be on its way.</returns>
    public bool CompareHit(int number, JsonElement hit, int newerThan)
    {
        var version = hit.TryGetProperty("version", out var value) && value.TryGetInt32(out var there) ? there : 0;
        if (version < newerThan) return false;
        findings.Looked(Places.Search);
        var known = book[number];
        if (!IsPossible(Places.Search, number, version, newerThan, known)) return true;
        var order = _expected.At(orders.At(number), version, known, null);
        // Of a version that nobody has acknowledged yet the instant is not known.
        if (version != known.Version && version > 1 && hit.TryGetProperty("updated_at", out var at)
            && at.TryGetDateTimeOffset(out var then))
            order = order with { UpdatedAt = then };
        var expected = JsonSerializer.SerializeToUtf8Bytes(OrderDocument.From(order), OrdersJson.Default.OrderDocument);
        Differ(Places.Search, number, expected, JsonSerializer.SerializeToUtf8Bytes(hit));
        return true;
    }

    public void Add(string where, string kind, int number, FieldDifference? difference = null)
    {
        var known = book[number];
        findings.Add(new Difference(
            where, kind, Plan.ExternalId(number), known.Exists ? known.OrderId : null, difference?.Field, difference?.Expected,
            difference?.Found));
    }

    private bool IsPossible(string where, int number, int version, int newerThan, BookEntry known)
    {
        var text = version.ToString(CultureInfo.InvariantCulture);
        if (version < newerThan)
        {
            Add(where, "stale", number, new FieldDifference(
                "version", newerThan.ToString(CultureInfo.InvariantCulture) + ", which was acknowledged before", text));
            return false;
        }

        if (version >= 1 && version <= known.Intents) return true;
        Add(where, "future", number, new FieldDifference(
            "version", string.Create(CultureInfo.InvariantCulture, $"at most {known.Intents}, as many requests as were sent"), text));
        return false;
    }

    private void Differ(string where, int number, byte[] expected, byte[] found)
    {
        using var one = JsonDocument.Parse(expected);
        using var other = JsonDocument.Parse(found);
        foreach (var difference in JsonDifferences.Between(one.RootElement, other.RootElement)) Add(where, "content", number, difference);
    }
}

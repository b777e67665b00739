using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Model;

/// <summary>
/// Who orders and where it goes. Some customers come again and again: who they are is a matter of their id, so that they stay
/// the same from run to run and when others join them.
/// </summary>
internal sealed class Regulars
{
    private readonly int _count;
    private readonly double _orders;
    private readonly int[] _regulars = [];
    private readonly int[] _others = [];

    public Regulars(IReadOnlyList<Destination> destinations, RegularsProfile profile)
    {
        (_count, _orders) = (destinations.Count, profile.Orders);
        if (profile.Orders <= 0) return;
        var ofRegulars = destinations.Select((destination, index) => (destination, index))
            .ToLookup(place => IsRegular(place.destination.CustomerId, profile.Share), place => place.index);
        (_regulars, _others) = ([.. ofRegulars[true]], [.. ofRegulars[false]]);
    }

    public static bool IsRegular(string customerId, double share) =>
        (RandomStream.Mix(RandomStream.Hash(customerId)) >> 11) * (1.0 / (1UL << 53)) < share;

    /// <summary>A place in the table of destinations.</summary>
    public int Draw(SeededRandom random)
    {
        if (_regulars.Length == 0 || _others.Length == 0) return random.Below(_count);
        return random.Pick(random.Chance(_orders) ? _regulars : _others);
    }
}

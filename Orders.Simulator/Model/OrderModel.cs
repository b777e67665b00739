using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Model;

/// <summary>What somebody puts together: places in <see cref="ShopTables"/>, not yet an order.</summary>
internal sealed record Basket(int Destination, string Channel, BasketLine[] Lines);

/// <param name="Product">Place in <see cref="ShopTables.ProductIds"/>.</param>
internal readonly record struct BasketLine(int Product, int Quantity);

/// <summary>
/// What customers order, by a profile. The default is how the order service has always been simulated: an address is drawn
/// uniformly and its customer comes with it, so who has two addresses orders twice as often; 1 to 5 lines and quantities of 1 to
/// 3, n with weight 1/n; products uniformly and with replacement.
/// A product that is drawn twice stands on two lines. Merging them would bend the distributions of lines and quantities, and
/// an order with a repeated product is a case that everything downstream has to get right.
/// What a profile does not use draws no random number: the default's stream is the same as before there were profiles.
/// </summary>
internal sealed class OrderModel
{
    private readonly Profile _profile;
    private readonly Weighted<int> _lineCounts;
    private readonly Weighted<int> _quantities;
    private readonly Weighted<string> _channels;
    private readonly Popularity _popularity;
    private readonly Affinity _affinity;
    private readonly Regulars _regulars;

    public OrderModel(ShopTables tables, Profile? profile = null)
    {
        (Tables, _profile) = (tables, profile ?? Profile.Default);
        _lineCounts = new(_profile.Lines.Select((weight, index) => (index + 1, weight)));
        _quantities = new(_profile.Quantities.Select((weight, index) => (index + 1, weight)));
        _channels = new(_profile.Channels.Select(channel => (channel.Key, channel.Value)));
        _popularity = new Popularity(tables.ProductIds, _profile.Popularity.Zipf);
        _affinity = new Affinity(tables, _profile);
        _regulars = new Regulars(tables.Destinations, _profile.Regulars);
    }

    public ShopTables Tables { get; }

    /// <summary>A function of the tables, the profile and of what <paramref name="random"/> yields; nothing else.</summary>
    public PlaceOrderRequest Next(SeededRandom random)
    {
        var basket = Draw(random);
        var destination = Tables.Destinations[basket.Destination];
        return new PlaceOrderRequest(destination.CustomerId, destination.AddressId, basket.Channel,
            [.. basket.Lines.Select(line => new PlaceOrderLine(Tables.ProductIds[line.Product], line.Quantity))]);
    }

    /// <inheritdoc cref="Next"/>
    public Basket Draw(SeededRandom random)
    {
        var destination = _regulars.Draw(random);
        var channel = _channels.Draw(random);
        var lines = new BasketLine[_lineCounts.Draw(random)];
        for (var i = 0; i < lines.Length; i++)
        {
            var product = i > 0 && _profile.Affinity.Chance > 0 && random.Chance(_profile.Affinity.Chance)
                ? _affinity.DrawBeside(lines[0].Product, random) ?? _popularity.Draw(random)
                : _popularity.Draw(random);
            lines[i] = new BasketLine(product, _quantities.Draw(random));
        }

        return new Basket(destination, channel, lines);
    }
}

namespace Orders.Simulator.Profiles;

/// <summary>What becomes of orders: probabilities and times.</summary>
internal sealed record LifecycleProfile
{
    /// <summary>From placing to confirmation.</summary>
    public DelayProfile Confirm { get; init; } = new() { Median = TimeSpan.FromMinutes(2), Spread = 0.8 };

    /// <summary>Probability that the payment fails for good.</summary>
    public double PaymentFailure { get; init; } = 0.02;

    /// <summary>From confirmation until a payment that fails is given up.</summary>
    public DelayProfile PaymentGivenUp { get; init; } = new() { Median = TimeSpan.FromHours(6), Spread = 0.8 };

    /// <summary>Probability that the customer cancels before anything is sent.</summary>
    public double Cancellation { get; init; } = 0.04;

    /// <summary>Weight of each state in which it is cancelled: placed, confirmed, paid.</summary>
    public OrderedDictionary<string, double> CancelledWhen { get; init; } = new()
    {
        ["placed"] = 0.3, ["confirmed"] = 0.2, ["paid"] = 0.5,
    };

    /// <summary>From the last step until the customer cancels.</summary>
    public DelayProfile CancelAfter { get; init; } = new() { Median = TimeSpan.FromMinutes(25), Spread = 0.9 };

    /// <summary>From payment until the first parcel leaves; on working days only.</summary>
    public DelayProfile Pack { get; init; } = new() { Median = TimeSpan.FromHours(16), Spread = 0.5 };

    /// <summary>Probability that an order of several pieces leaves in parts.</summary>
    public double PartialShipment { get; init; } = 0.12;

    /// <summary>Most parcels of an order, 2 to 10.</summary>
    public int ParcelsMax { get; init; } = 3;

    /// <summary>From one parcel to the next; on working days only.</summary>
    public DelayProfile NextParcel { get; init; } = new() { Median = TimeSpan.FromHours(40), Spread = 0.4 };

    /// <summary>Weight of each carrier.</summary>
    public OrderedDictionary<string, double> Carriers { get; init; } = new()
    {
        ["Correos"] = 0.4, ["Seur"] = 0.25, ["MRW"] = 0.2, ["GLS"] = 0.15,
    };

    /// <summary>From the last parcel until it is delivered, between 9 and 21 o'clock and not on Sundays and holidays.</summary>
    public DelayProfile Deliver { get; init; } = new() { Median = TimeSpan.FromHours(26), Spread = 0.35 };

    /// <summary>Factor on the time of delivery by district; a district that is not named has 1.</summary>
    public OrderedDictionary<string, double> Districts { get; init; } = new()
    {
        ["Centro"] = 0.80, ["Arganzuela"] = 0.85, ["Retiro"] = 0.85, ["Salamanca"] = 0.80, ["Chamartín"] = 0.90, ["Tetuán"] = 0.90,
        ["Chamberí"] = 0.80, ["Fuencarral-El Pardo"] = 1.20, ["Moncloa-Aravaca"] = 1.10, ["Latina"] = 1.05, ["Carabanchel"] = 1.05,
        ["Usera"] = 1.00, ["Puente de Vallecas"] = 1.05, ["Moratalaz"] = 1.00, ["Ciudad Lineal"] = 0.95, ["Hortaleza"] = 1.05,
        ["Villaverde"] = 1.15, ["Villa de Vallecas"] = 1.20, ["Vicálvaro"] = 1.20, ["San Blas-Canillejas"] = 1.10, ["Barajas"] = 1.30,
    };

    /// <summary>Probability that a delivered order, or a part of it, comes back.</summary>
    public double Return { get; init; } = 0.06;

    /// <summary>Probability that only a part of it comes back, where there are several pieces.</summary>
    public double PartialReturn { get; init; } = 0.40;

    /// <summary>From delivery until it comes back.</summary>
    public DelayProfile ReturnAfter { get; init; } = new() { Median = TimeSpan.FromDays(6), Spread = 0.5 };

    /// <summary>From a cancellation or return until the money goes back.</summary>
    public DelayProfile Refund { get; init; } = new() { Median = TimeSpan.FromHours(30), Spread = 0.6 };

    /// <summary>Probability that a delivered order that is kept gets a part of its price back, e.g. for a scratch.</summary>
    public double Goodwill { get; init; } = 0.01;

    /// <summary>The largest part of the price that is given back so. The smallest is 5 %. 0.05 to 1.</summary>
    public double GoodwillShareMax { get; init; } = 0.30;
}

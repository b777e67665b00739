namespace Orders.Simulator.Profiles;

/// <summary>
/// How a shop's customers behave. The defaults are the rules by which the order service has always been simulated; a file
/// changes what it names and leaves the rest. Each field: docs/simulator.md.
/// </summary>
internal sealed record Profile
{
    public static readonly Profile Default = new();

    public string Name { get; init; } = "default";

    /// <summary>Weight of 1, 2, ... lines of an order. Default: 1 to 5, n with weight 1/n.</summary>
    public IReadOnlyList<double> Lines { get; init; } = [1, 1 / 2.0, 1 / 3.0, 1 / 4.0, 1 / 5.0];

    /// <summary>Weight of 1, 2, ... pieces of a line. Default: 1 to 3, n with weight 1/n.</summary>
    public IReadOnlyList<double> Quantities { get; init; } = [1, 1 / 2.0, 1 / 3.0];

    /// <summary>Weight of each channel.</summary>
    public OrderedDictionary<string, double> Channels { get; init; } = new() { ["web"] = 0.6, ["app"] = 0.3, ["store"] = 0.1 };

    public PopularityProfile Popularity { get; init; } = new();

    public AffinityProfile Affinity { get; init; } = new();

    public RegularsProfile Regulars { get; init; } = new();

    /// <summary>Discount codes, the first that applies and is drawn is used. Default: none.</summary>
    public IReadOnlyList<DiscountProfile> Discounts { get; init; } = [];

    /// <summary>How orders are paid.</summary>
    public OrderedDictionary<string, PaymentProfile> Payments { get; init; } = new()
    {
        ["card"] = new() { Weight = 0.60, Delay = new() { Median = TimeSpan.FromSeconds(40), Spread = 0.6 } },
        ["bizum"] = new() { Weight = 0.22, Delay = new() { Median = TimeSpan.FromSeconds(75), Spread = 0.6 } },
        ["paypal"] = new() { Weight = 0.13, Delay = new() { Median = TimeSpan.FromSeconds(90), Spread = 0.7 } },
        ["transfer"] = new() { Weight = 0.05, Delay = new() { Median = TimeSpan.FromHours(20), Spread = 0.5 } },
    };

    public ShippingProfile Shipping { get; init; } = new();

    public CalendarProfile Calendar { get; init; } = new();

    public LifecycleProfile Lifecycle { get; init; } = new();
}

/// <summary>Which products are bought often.</summary>
internal sealed record PopularityProfile
{
    /// <summary>The product of rank r is bought with weight 1/r^zipf. 0: all alike. 0 to 3.</summary>
    public double Zipf { get; init; }
}

/// <summary>What is bought together.</summary>
internal sealed record AffinityProfile
{
    /// <summary>Probability that a further line goes with the first one, by <see cref="Together"/>.</summary>
    public double Chance { get; init; }

    /// <summary>For a category of the first line: the weights of the categories that go with it.</summary>
    public OrderedDictionary<string, OrderedDictionary<string, double>> Together { get; init; } = [];
}

/// <summary>Customers who come again.</summary>
internal sealed record RegularsProfile
{
    /// <summary>Share of the customers who are regulars.</summary>
    public double Share { get; init; }

    /// <summary>Share of the orders that are theirs. 0: nobody is preferred.</summary>
    public double Orders { get; init; }
}

/// <summary>A discount code that customers know.</summary>
internal sealed record DiscountProfile
{
    public string Code { get; init; } = "";

    /// <summary>Off the goods, in per cent. This or <see cref="Amount"/>.</summary>
    public decimal? Percent { get; init; }

    /// <summary>Off the goods, gross.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Goods for less than this have no discount.</summary>
    public decimal MinSubtotal { get; init; }

    /// <summary>Probability that an order to which it applies uses it.</summary>
    public double Share { get; init; }

    /// <summary>Only on days with this mark of the calendar: a season's name, or Black Friday, Black Week, ... Absent: always.</summary>
    public string? During { get; init; }
}

/// <summary>A way to pay.</summary>
internal sealed record PaymentProfile
{
    public double Weight { get; init; } = 1;

    /// <summary>From confirmation to payment.</summary>
    public DelayProfile Delay { get; init; } = new() { Median = TimeSpan.FromMinutes(1), Spread = 0.5 };
}

/// <summary>What is charged for sending; the defaults are the API's.</summary>
internal sealed record ShippingProfile
{
    public string Currency { get; init; } = "EUR";

    /// <summary>Goods after discount from which on it costs nothing.</summary>
    public decimal FreeFrom { get; init; } = 60.00m;

    public IReadOnlyList<ShippingBandProfile> Bands { get; init; } =
    [
        new() { UpToKilograms = 1, Price = 3.95m }, new() { UpToKilograms = 5, Price = 5.95m },
        new() { UpToKilograms = 10, Price = 8.95m }, new() { UpToKilograms = 30, Price = 14.95m },
    ];

    /// <summary>For each begun kilogram above the heaviest band.</summary>
    public decimal PerKilogramAbove { get; init; } = 0.60m;
}

internal sealed record ShippingBandProfile
{
    public decimal UpToKilograms { get; init; }

    public decimal Price { get; init; }
}

/// <summary>A time that varies: half of them are shorter than the median. Logarithmically normal.</summary>
internal sealed record DelayProfile
{
    /// <summary>Longest median.</summary>
    public static readonly TimeSpan MedianMax = TimeSpan.FromDays(90);

    public TimeSpan Median { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Two thirds of the times lie between median/e^spread and median*e^spread. 0: always the median. 0 to 2.</summary>
    public double Spread { get; init; }
}

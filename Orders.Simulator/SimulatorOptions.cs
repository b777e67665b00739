using System.ComponentModel.DataAnnotations;
using Orders.Simulator.Live;

namespace Orders.Simulator;

/// <summary>Configuration section <c>Orders:Simulator</c>.</summary>
internal sealed class SimulatorOptions
{
    public const string Section = "Orders:Simulator";

    /// <summary>
    /// The API key, <c>ordk_...</c>, with the scopes orders:read, orders:write and catalog:write. Required; a secret. It is sent
    /// to the API alone.
    /// </summary>
    [Required]
    public string ApiKey { get; set; } = "";

    /// <summary>Fill empty tables at start. Default true; false leaves them as they are.</summary>
    public bool Seed { get; set; } = true;

    /// <summary>The seed number: the same number makes the same tables, byte for byte. Default 42.</summary>
    [Range(0, int.MaxValue)]
    public int RandomSeed { get; set; } = 42;

    /// <summary>Generated customers, 1 to 100,000. Default 1000.</summary>
    [Range(1, 100_000)]
    public int Customers { get; set; } = 1000;

    /// <summary>Generated addresses, 1 to 200,000; fewer than customers leaves some without one. Default 1200.</summary>
    [Range(1, 200_000)]
    public int Addresses { get; set; } = 1200;

    /// <summary>Generated products, 1 to 5,000. Default 300.</summary>
    [Range(1, 5_000)]
    public int Products { get; set; } = 300;

    /// <summary>Records of one import request, 1 to 1000, which is the API's limit. Default 500.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>
    /// How live orders reach Orders: <c>http</c> asks the API, <c>inbound</c> puts commands on the topic <c>orders.inbound</c>, which needs
    /// the connection <c>kafka</c>. Default http.
    /// </summary>
    [EnumDataType(typeof(LiveTransport))]
    public LiveTransport Transport { get; set; }

    /// <summary>Live orders per second on average, 0 to 500; 0 places none. Default 2.</summary>
    [Range(0, LiveRateMax)]
    public double Rate { get; set; } = 2;

    /// <summary>
    /// Let live traffic come as the profile's calendar says: more by day than by night, on Black Friday than on a Tuesday.
    /// <see cref="Rate"/> is then the mean of the year. Default false: even traffic.
    /// </summary>
    public bool Calendar { get; set; }

    /// <summary>
    /// How long a day of the calendar lasts, 1 minute to 1 day. Default 1 day: real time. With <c>00:05:00</c> a week goes by in 35
    /// minutes; <see cref="Rate"/> stays orders per real second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan DayLength { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The file with the profile by which live orders are put together and shaped. Default: the built-in one.</summary>
    public string? Profile { get; set; }

    /// <summary>Begin with live traffic paused, until <c>POST /live/resume</c>. Default false.</summary>
    public bool StartPaused { get; set; }

    /// <summary>Orders that may be on their way at once, 1 to 1000; an arrival beyond that waits. Default 32.</summary>
    [Range(1, 1000)]
    public int MaxInFlight { get; set; } = 32;

    /// <summary>Share of the placed orders that their customer cancels, 0 to 1. Default 0.05.</summary>
    [Range(0.0, 1.0)]
    public double CancelShare { get; set; } = 0.05;

    /// <summary>Between placing and cancelling, on average (0.5 to 1.5 times this), 0 to 1 minute. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan CancelDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Until an attempt is given up, 100 ms to 100 s. Default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:40")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Further attempts for an order that was certainly not executed, 1 to 20. Default 8: about fifteen seconds.</summary>
    [Range(1, 20)]
    public int RetriesMax { get; set; } = 8;

    /// <summary>
    /// Do not give an order up that the API did not decide about: send it again, with the same idempotency key, until it does. It keeps
    /// its place in flight for as long, so that traffic ebbs while the API is away. Default false.
    /// </summary>
    public bool KeepTrying { get; set; }

    /// <summary>Pieces that the supplier brings when a product is sold out, 1 to 1,000,000. Default 500.</summary>
    [Range(1, 1_000_000)]
    public int RestockPieces { get; set; } = 500;

    /// <summary>Between two lines in the log, 1 s to 1 h. Default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Names the run. The live orders are a function of seed and run; a repeated run repeats its idempotency keys.
    /// Default: a new name at every start.
    /// </summary>
    [StringLength(64)]
    public string? Run { get; set; }

    public const double LiveRateMax = 500;
}

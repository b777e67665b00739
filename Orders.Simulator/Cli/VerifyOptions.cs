using System.CommandLine;
using System.Globalization;
using Orders.Simulator.Verification;

namespace Orders.Simulator.Cli;

/// <summary>What <c>verify</c> can be told.</summary>
internal sealed class VerifyOptions
{
    private const int DurationSecondsMax = 604_800;
    private const double RateMin = 0.1;
    private const double RateMax = 10_000;

    public Option<FileInfo?> Ledger { get; } = new("--ledger")
    {
        Description = "The file that has every request before it is sent, and its outcome. One that is there is gone on with.",
        HelpName = "file.ndjson",
    };

    public Option<int?> Orders { get; } = new("--orders")
    {
        Description = $"So many orders, those of earlier sessions included, 1 to {VerifyPlan.OrdersMax}.",
    };

    public Option<int?> Duration { get; } = new("--duration")
    {
        Description = $"Or: seconds for which this session places orders, 1 to {DurationSecondsMax}.", HelpName = "seconds",
    };

    public Option<double?> Rate { get; } = new("--rate")
    {
        Description = string.Create(CultureInfo.InvariantCulture,
            $"Orders per second at most, {RateMin} to {RateMax}; default as fast as --in-flight lets them."),
    };

    public Option<int> InFlight { get; } = ApiOptions.Whole("--in-flight", "Orders on their way at once", 16, 512);

    public Option<int?> Seed { get; } = new("--seed") { Description = "Of the orders; default 42, or the ledger's." };

    public Option<string?> Run { get; } = new("--run")
    {
        Description = "Names the orders; each run needs a name of its own. Default a new one, or the ledger's.", HelpName = "name",
    };

    public Option<FileInfo?> Profile { get; } = ProfileFiles.Option();

    public Option<double?> Moves { get; } = Share(
        "--moves", "Share of the orders that are confirmed, paid, shipped and so on; default 0.5");

    public Option<double?> Sample { get; } =
        Share("--sample", "Share of the orders that are looked at one by one, at once and at the end; default 0.05");

    public Option<int> Shop { get; } = ApiOptions.Whole("--shop", "Rows of each table that orders are drawn from", 2000, 20_000, min: 10);

    public Option<int> Restock { get; } = ApiOptions.Whole(
        "--restock", "Pieces that a sold-out product gets; needs the scope catalog:write; 0: none", 500, 1_000_000, min: 0);

    public Option<int> RequestTimeout { get; } = ApiOptions.Whole(
        "--request-timeout", "Seconds after which the outcome of an order without a reply is unknown", 10, 100);

    public Option<bool> CheckOnly { get; } = new("--check-only") { Description = "Send nothing that changes anything; only compare." };

    public Option<bool> Proof { get; } = new("--proof")
    {
        Description = "At the end also the API's own proof, of all orders; needs the scope admin.",
    };

    public Option<FileInfo?> Json { get; } = new("--json") { Description = "Write the report to this file.", HelpName = "file.json" };

    public ApiOptions Api { get; } = new();

    /// <summary>All of them, with their ranges.</summary>
    public void AddTo(Command command)
    {
        Ranges();
        Option[] all =
        [
            Api.Api, Api.Key, Ledger, Orders, Duration, Rate, InFlight, Seed, Run, Profile, Moves, Sample, Shop, Restock, RequestTimeout,
            Api.Patience, CheckOnly, Proof, Json,
        ];
        foreach (var option in all) command.Options.Add(option);
    }

    private void Ranges()
    {
        Limit(Orders, 1, VerifyPlan.OrdersMax);
        Limit(Duration, 1, DurationSecondsMax);
        Limit(Seed, 0, int.MaxValue);
        Limit(Rate, RateMin, RateMax);
        Run.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && (name.Length is 0 or > VerifyPlan.RunMax
                || name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_'))))
                result.AddError("--run must be up to 64 letters, digits, points, dashes and underscores.");
        });
    }

    private static Option<double?> Share(string name, string description)
    {
        var option = new Option<double?>(name) { Description = description + ", 0 to 1." };
        Limit(option, 0, 1);
        return option;
    }

    private static void Limit(Option option, double min, double max) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && double.TryParse(text, CultureInfo.InvariantCulture, out var value)
            && !(value >= min && value <= max))
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be {min} to {max}."));
    });
}

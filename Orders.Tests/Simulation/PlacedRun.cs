using System.Globalization;
using Orders.Contracts;

namespace Orders.Tests.Simulation;

/// <summary>
/// A verification that has placed its orders and found them all: placed once, for every test that then has one of them changed and looks
/// again. What a test gets is its own copy.
/// </summary>
internal sealed class PlacedRun
{
    public const int Count = 300;

    private static readonly Lazy<Task<PlacedRun>> Made = new(MakeAsync);

    private readonly byte[] _ledger;
    private readonly KeyValuePair<string, OrderState>[] _stored;

    private PlacedRun(byte[] ledger, KeyValuePair<string, OrderState>[] stored, string output, string error, string report)
    {
        (_ledger, _stored) = (ledger, stored);
        (Output, Error, Report) = (output, error, report);
    }

    /// <summary>What the command said.</summary>
    public string Output { get; }

    public string Error { get; }

    /// <summary>What it wrote with <c>--json</c>.</summary>
    public string Report { get; }

    /// <summary>The arguments that place nothing; a ledger and a report have fixed names in the command's folder.</summary>
    public static string[] Sentence(CliRun cli) =>
    [
        "verify", "--api", "http://shop.example", "--key", "ordk_x", "--ledger", cli.PathOf("ledger.ndjson"), "--patience", "1",
        "--json", cli.PathOf("report.json"),
    ];

    /// <summary>Gives the shop the orders and the command's folder the ledger.</summary>
    public static async Task<PlacedRun> GiveAsync(VerifyFake shop, CliRun cli)
    {
        var made = await Made.Value;
        foreach (var (id, order) in made._stored) shop.Stored.Add(id, order);
        await File.WriteAllBytesAsync(cli.PathOf("ledger.ndjson"), made._ledger);
        return made;
    }

    private static async Task<PlacedRun> MakeAsync()
    {
        using var shop = new VerifyFake();
        using var cli = new CliRun { Network = () => shop };
        var code = await cli.RunAsync(
            [.. Sentence(cli), "--orders", Count.ToString(CultureInfo.InvariantCulture), "--moves", "0.9"]);
        Assert.True(code == 0, cli.Output + cli.Error);
        return new PlacedRun(
            await File.ReadAllBytesAsync(cli.PathOf("ledger.ndjson")), [.. shop.Stored], cli.Output, cli.Error,
            await File.ReadAllTextAsync(cli.PathOf("report.json")));
    }
}

using System.CommandLine;
using System.Globalization;

namespace Orders.Simulator.Cli;

/// <summary>Which API, with which key, and how patiently.</summary>
/// <param name="Batch">Records of one request.</param>
/// <param name="Patience">How long one request may be repeated before the API counts as away.</param>
internal sealed record ApiTarget(Uri Address, string Key, int Batch, TimeSpan Patience);

/// <summary>The options that every command with requests to the API has.</summary>
internal sealed class ApiOptions
{
    /// <summary>A key on the command line is seen by everybody on the machine; this one is not.</summary>
    public const string KeyVariable = "ORDERS_KEY";

    private const int BatchMax = 1000;
    private const int PatienceSecondsMax = 3600;

    public Option<Uri?> Api { get; } = new("--api")
    {
        Description = "Send to this API, e.g. http://localhost:5080.", HelpName = "url",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
            result.AddError($"--api '{text}' must be an address such as http://localhost:5080.");
            return null;
        },
    };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = $"The API key, ordk_...; better in the environment variable {KeyVariable}.", HelpName = "key",
    };

    public Option<int> Batch { get; } = Whole("--batch", "Records of one request", 500, BatchMax);

    public Option<int> Patience { get; } =
        Whole("--patience", "Seconds after which an API that does not answer is given up", 60, PatienceSecondsMax);

    /// <summary>Null when no API is asked for.</summary>
    public ApiTarget? Target(ParseResult parsed)
    {
        if (parsed.GetValue(Api) is not { } address) return null;
        var key = parsed.GetValue(Key) ?? Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrWhiteSpace(key))
            throw new UsageException($"The API needs a key: --key, or the environment variable {KeyVariable}.");
        return new ApiTarget(address, key, parsed.GetValue(Batch), TimeSpan.FromSeconds(parsed.GetValue(Patience)));
    }

    /// <summary>An option from 1 to <paramref name="max"/>.</summary>
    public static Option<int> Whole(string name, string description, int byDefault, int max, int min = 1)
    {
        var option = new Option<int>(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description}, {min} to {max}."),
            DefaultValueFactory = _ => byDefault,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value)
                && (value < min || value > max))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be {min} to {max}."));
        });
        return option;
    }
}

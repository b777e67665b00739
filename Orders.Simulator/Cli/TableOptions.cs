using System.CommandLine;
using System.Globalization;
using Orders.Simulator.Files;

namespace Orders.Simulator.Cli;

/// <summary>Where a table comes from: so many generated rows, or a file.</summary>
internal sealed record TableSource(int Rows, string? File);

/// <summary>The options that name the three tables.</summary>
internal sealed class TableOptions
{
    private const int CustomersDefault = 1000;
    private const int AddressesDefault = 1200;
    private const int ProductsDefault = 300;

    public Option<int> Seed { get; } = new("--seed")
    {
        Description = "The same number makes the same, byte for byte.", DefaultValueFactory = _ => 42,
    };

    public Option<string?> Customers { get; } = Table("--customers", "customers", CustomersDefault, 1_000_000);

    public Option<string?> Addresses { get; } = Table("--addresses", "addresses", AddressesDefault, 2_000_000);

    public Option<string?> Products { get; } = Table("--products", "products", ProductsDefault, 5_000);

    public Option<bool> SkipBad { get; } = new("--skip-bad")
    {
        Description = "Go on without the rows that are wrong. Otherwise nothing is written or sent when one is.",
    };

    /// <summary>The tables, generated or read; null when a row is wrong and that was said.</summary>
    /// <param name="parsed">What was asked for.</param>
    /// <param name="isEveryTableNeeded">Otherwise tables that nobody names are left out as soon as one comes from a file: who brings
    /// customers does not want invented products unasked.</param>
    /// <param name="terminal">Where bad rows are described.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<SeedTables?> LoadAsync(
        ParseResult parsed, bool isEveryTableNeeded, Terminal terminal, CancellationToken cancel)
    {
        var loading = new TableLoading(terminal, parsed.GetValue(Seed));
        string?[] named = [parsed.GetValue(Customers), parsed.GetValue(Addresses), parsed.GetValue(Products)];
        var onlyNamed = !isEveryTableNeeded && named.Any(value => value is not null && !IsCount(value));
        var tables = await loading.LoadAsync(
            Source(named[0], CustomersDefault), Source(named[1], AddressesDefault), Source(named[2], ProductsDefault), cancel);
        if (loading.BadRows == 0 || parsed.GetValue(SkipBad)) return tables;
        terminal.Complain(FormattableString.Invariant(
            $"{loading.BadRows} bad rows: nothing was written or sent. --skip-bad goes on without them."));
        return null;

        TableSource? Source(string? value, int rows) => value switch
        {
            null => onlyNamed ? null : new TableSource(rows, null),
            _ when IsCount(value) => int.Parse(value, CultureInfo.InvariantCulture) is > 0 and var count
                ? new TableSource(count, null) : null,
            _ => new TableSource(0, value),
        };
    }

    private static bool IsCount(string value) => value.All(char.IsAsciiDigit);

    private static Option<string?> Table(string name, string table, int rows, int max)
    {
        var option = new Option<string?>(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture,
                $"Number of {table} to generate (default {rows}, at most {max}), or a file to import: .json, .ndjson or .csv."),
            HelpName = "rows|file",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0) return;
            var value = result.Tokens[0].Value;
            if (value.Length == 0 || (IsCount(value) && (!int.TryParse(value, out var count) || count > max)))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be 0 to {max} rows, or a file."));
            else if (!IsCount(value) && TableFormats.Of(value) is null)
                result.AddError($"{name} '{value}' must be a number of rows, or a file whose name ends in .json, .ndjson or .csv.");
        });
        return option;
    }
}

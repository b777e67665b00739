using System.CommandLine;
using System.Globalization;
using Orders.Simulator.Files;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Cli;

/// <summary>
/// <c>seed</c>: generates tables or reads the user's own, checks them, and writes them to files or sends them to the API.
/// </summary>
internal sealed class SeedCommand
{
    private const int CustomersDefault = 1000;
    private const int AddressesDefault = 1200;
    private const int ProductsDefault = 300;

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "The same number makes the same tables, byte for byte.", DefaultValueFactory = _ => 42,
    };

    private readonly Option<string?> _customers = Table("--customers", "customers", CustomersDefault, 1_000_000);
    private readonly Option<string?> _addresses = Table("--addresses", "addresses", AddressesDefault, 2_000_000);
    private readonly Option<string?> _products = Table("--products", "products", ProductsDefault, 5_000);

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write the tables to this folder; it is made if it is not there.", HelpName = "folder",
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "Format of the files.", DefaultValueFactory = _ => "ndjson",
    };

    private readonly Option<bool> _skipBad = new("--skip-bad")
    {
        Description = "Go on without the rows that are wrong. Otherwise nothing is written or sent when one is.",
    };

    private readonly ApiOptions _api = new();

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only generate, read and check." };

    public static Command Create(CliContext context)
    {
        var options = new SeedCommand();
        options._format.AcceptOnlyFromAmong("json", "ndjson", "csv");
        var command = new Command("seed",
            "Generate customers, addresses and products, or import your own, into files or into the API. As soon as one table comes "
            + "from a file, only the tables that are named take part.")
        {
            options._seed, options._customers, options._addresses, options._products, options._out, options._format, options._skipBad,
            options._dryRun, options._api.Api, options._api.Key, options._api.Batch, options._api.Patience,
        };
        command.Does(context, (parsed, cancel) => options.RunAsync(parsed, context, cancel));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CliContext context, CancellationToken cancel)
    {
        var (folder, dryRun) = (parsed.GetValue(_out), parsed.GetValue(_dryRun));
        var target = _api.Target(parsed);
        if (folder is null && target is null && !dryRun) throw new UsageException("Say where to: --out, --api or both; or --dry-run.");
        var loading = new TableLoading(context.Terminal, parsed.GetValue(_seed));
        var sources = Sources(parsed);
        var tables = await loading.LoadAsync(sources.Customers, sources.Addresses, sources.Products, cancel);
        if (loading.BadRows > 0 && !parsed.GetValue(_skipBad))
        {
            context.Terminal.Complain(FormattableString.Invariant(
                $"{loading.BadRows} bad rows: nothing was written or sent. --skip-bad goes on without them."));
            return CommandLine.Failed;
        }

        if (dryRun) context.Terminal.Say(Summary(tables) + " checked");
        if (dryRun) return CommandLine.Done;
        var format = TableFormats.Of("." + parsed.GetValue(_format)) ?? TableFormat.Ndjson;
        if (folder is not null) await WriteAsync(folder, format, tables, context.Terminal, cancel);
        if (target is not null) await new TableSending(context, target).SendAsync(tables, cancel);
        return CommandLine.Done;
    }

    private static async Task WriteAsync(
        string folder, TableFormat format, SeedTables tables, Terminal terminal, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        await WriteAsync(TableSchemas.Customers, tables.Customers);
        await WriteAsync(TableSchemas.Addresses, tables.Addresses);
        await WriteAsync(TableSchemas.Products, tables.Products);

        async Task WriteAsync<T>(TableSchema<T> schema, IReadOnlyList<T>? rows)
        {
            if (rows is null) return;
            var path = Path.Combine(folder, schema.Name + format.Extension());
            await TableWriter.WriteAsync(path, format, schema, rows, cancel);
            terminal.Say(FormattableString.Invariant($"{path}: {rows.Count} rows"));
        }
    }

    /// <summary>Defaults are for those who name no file: who brings customers does not want invented products unasked.</summary>
    private (TableSource? Customers, TableSource? Addresses, TableSource? Products) Sources(ParseResult parsed)
    {
        string?[] named = [parsed.GetValue(_customers), parsed.GetValue(_addresses), parsed.GetValue(_products)];
        var files = named.Any(value => value is not null && !IsCount(value));
        return (Source(named[0], CustomersDefault), Source(named[1], AddressesDefault), Source(named[2], ProductsDefault));

        TableSource? Source(string? value, int rows) => value switch
        {
            null => files ? null : new TableSource(rows, null),
            _ when IsCount(value) => int.Parse(value, CultureInfo.InvariantCulture) is > 0 and var count
                ? new TableSource(count, null) : null,
            _ => new TableSource(0, value),
        };
    }

    private static string Summary(SeedTables tables) => FormattableString.Invariant(
        $"{tables.Customers?.Count ?? 0} customers, {tables.Addresses?.Count ?? 0} addresses, {tables.Products?.Count ?? 0} products");

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

/// <summary>Where a table comes from: so many generated rows, or a file.</summary>
internal sealed record TableSource(int Rows, string? File);

/// <summary>The tables that take part; null: not this one.</summary>
internal sealed record SeedTables(
    IReadOnlyList<Customer>? Customers, IReadOnlyList<Address>? Addresses, IReadOnlyList<Product>? Products);

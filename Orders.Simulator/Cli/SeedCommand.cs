using System.CommandLine;
using Orders.Simulator.Files;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Cli;

/// <summary>
/// <c>seed</c>: generates tables or reads the user's own, checks them, and writes them to files or sends them to the API.
/// </summary>
internal sealed class SeedCommand
{
    private readonly TableOptions _tables = new();

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write the tables to this folder; it is made if it is not there.", HelpName = "folder",
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "Format of the files.", DefaultValueFactory = _ => "ndjson",
    };

    private readonly ApiOptions _api = new();

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only generate, read and check." };

    public static Command Create(CliContext context)
    {
        var options = new SeedCommand();
        options._format.AcceptOnlyFromAmong("json", "ndjson", "csv");
        var tables = options._tables;
        var command = new Command("seed",
            "Generate customers, addresses and products, or import your own, into files or into the API. As soon as one table comes "
            + "from a file, only the tables that are named take part.")
        {
            tables.Seed, tables.Customers, tables.Addresses, tables.Products, options._out, options._format, tables.SkipBad,
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
        var tables = await _tables.LoadAsync(parsed, isEveryTableNeeded: false, context.Terminal, cancel);
        if (tables is null) return CommandLine.Failed;
        if (dryRun) context.Terminal.Say(Summary(tables) + " checked");
        if (dryRun) return CommandLine.Done;
        var format = TableFormats.Of("." + parsed.GetValue(_format)) ?? TableFormat.Ndjson;
        if (folder is not null) await WriteAsync(folder, format, tables, context.Terminal, cancel);
        if (target is null) return CommandLine.Done;
        using var connection = new ApiConnection(context, target);
        await new TableSending(context, connection).SendAsync(tables, cancel);
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

    private static string Summary(SeedTables tables) => FormattableString.Invariant(
        $"{tables.Customers?.Count ?? 0} customers, {tables.Addresses?.Count ?? 0} addresses, {tables.Products?.Count ?? 0} products");
}

/// <summary>The tables that take part; null: not this one.</summary>
internal sealed record SeedTables(
    IReadOnlyList<Customer>? Customers, IReadOnlyList<Address>? Addresses, IReadOnlyList<Product>? Products);

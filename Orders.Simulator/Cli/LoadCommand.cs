using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Orders.Simulator.Load;

namespace Orders.Simulator.Cli;

/// <summary><c>load</c>: measures how the API bears a load.</summary>
internal sealed class LoadCommand
{
    private readonly LoadOptions _load = new();
    private readonly ApiOptions _api = new();
    private readonly Option<FileInfo?> _profile = ProfileFiles.Option();
    private readonly Option<FileInfo?> _json = new("--json") { Description = "Write the results to this file.", HelpName = "file.json" };

    private readonly Option<FileInfo?> _html = new("--html")
    {
        Description = "Write a page with charts to this file.", HelpName = "file.html",
    };

    private readonly Option<int> _orders = ApiOptions.Whole("--orders", "Orders that reads choose among, the youngest", 2000, 100_000);
    private readonly Option<int> _restock = ApiOptions.Whole("--restock", "Pieces that come when a product is sold out", 10_000, 1_000_000);

    private readonly Option<double> _zipf = new("--zipf")
    {
        Description = "The k-th youngest order is read with weight 1/k^zipf, 0 to 3; 0: all alike.", DefaultValueFactory = _ => 1,
    };

    public static Command Create(CliContext context)
    {
        var options = new LoadCommand();
        options._zipf.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && double.TryParse(text, CultureInfo.InvariantCulture, out var number)
                && number is not (>= 0 and <= 3))
                result.AddError("--zipf must be 0 to 3.");
        });
        var command = new Command("load",
            "Puts load on the API and measures it: orders placed, read and searched for, at a rate that does not ask how the API is doing "
            + "(open model) or by users who wait for replies (closed). The key needs orders:read, orders:write and catalog:write.");
        foreach (var option in options._load.All) command.Options.Add(option);
        foreach (var option in (Option[])
            [
                options._profile, options._orders, options._zipf, options._restock, options._json, options._html, options._api.Api,
                options._api.Key, options._api.Patience,
            ])
            command.Options.Add(option);
        command.Does(context, (parsed, cancel) => options.RunAsync(parsed, context, cancel));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CliContext context, CancellationToken cancel)
    {
        var target = _api.Target(parsed) ?? throw new UsageException("Say which API: --api.");
        var plan = _load.Plan(parsed, target.Address, context.Time);
        var thresholds = _load.Thresholds(parsed, plan);
        foreach (var file in new[] { parsed.GetValue(_json), parsed.GetValue(_html) })
        {
            // Before the load, not after it.
            if (file?.Directory is { Exists: false } folder) throw new UsageException($"There is no folder {folder} for {file.Name}.");
        }

        using var connection = new ApiConnection(context, target);
        var shop = await OpenAsync(parsed, connection, plan, context, cancel);
        context.Terminal.Complain(LoadSummary.Plan(plan));
        var result = await PlayAsync(parsed, connection, shop, plan, context, cancel);
        var outcomes = thresholds.Select(threshold => threshold.Judge(result)).ToList();
        LoadSummary.Say(context.Terminal, result, outcomes);
        // Ended early or not, what was measured is written: the token that ended it does not count any more.
        await WriteAsync(parsed, result.Report(outcomes));
        if (result.End.IsStopped) context.Terminal.Complain("stopped: the results are about the time until then");
        return result.End.IsStopped || outcomes.Exists(outcome => !outcome.IsHeld) ? CommandLine.Failed : CommandLine.Done;
    }

    private async Task<LoadShop> OpenAsync(
        ParseResult parsed, ApiConnection connection, LoadPlan plan, CliContext context, CancellationToken cancel)
    {
        var profile = await ProfileFiles.ReadAsync(parsed.GetValue(_profile), cancel);
        try
        {
            return await connection.PatientlyAsync(
                patience => LoadShop.OpenAsync(
                    connection.Api, plan, profile, parsed.GetValue(_orders), parsed.GetValue(_zipf), context.Time.GetUtcNow(), patience),
                cancel);
        }
        catch (NothingToLoadException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private async Task<LoadResult> PlayAsync(
        ParseResult parsed, ApiConnection connection, LoadShop shop, LoadPlan plan, CliContext context, CancellationToken cancel)
    {
        // A network of its own: the time limit is a client's, and restocking is not to share what is measured.
        using var http = new HttpClient(context.Network())
        {
            BaseAddress = plan.Api, Timeout = plan.Timeout,
            DefaultRequestHeaders = { Authorization = new("Bearer", connection.Target.Key) },
        };
        var supplier = new Supplier(connection.Api, parsed.GetValue(_restock));
        var recorder = new LoadRecorder(plan);
        using var run = new LoadRun(plan, new LoadSender(shop, new LoadClient(http), supplier), recorder, context.Time);
        var end = await new LoadView(context.Terminal, plan, recorder, run, context.Time).ShowAsync(run.RunAsync(cancel));
        await supplier.SettleAsync();
        return new LoadResult(plan, recorder, end, supplier.Totals);
    }

    private async Task WriteAsync(ParseResult parsed, LoadReport report)
    {
        if (parsed.GetValue(_json) is { } json)
            await File.WriteAllBytesAsync(json.FullName, JsonSerializer.SerializeToUtf8Bytes(report, LoadJson.Default.LoadReport));
        if (parsed.GetValue(_html) is { } html) await File.WriteAllTextAsync(html.FullName, LoadPage.Of(report));
    }
}

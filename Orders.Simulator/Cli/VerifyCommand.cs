using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Orders.Simulator.Model;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;
using Orders.Simulator.Verification;

namespace Orders.Simulator.Cli;

/// <summary>
/// <c>verify</c>: places orders, keeps in a ledger what was acknowledged, and proves that it is everywhere, once and right.
/// </summary>
internal sealed class VerifyCommand
{
    private const int SeedDefault = 42;
    private const double MovesDefault = 0.5;
    private const double SampleDefault = 0.05;

    private readonly VerifyOptions _options = new();

    public static Command Create(CliContext context)
    {
        var verify = new VerifyCommand();
        var command = new Command("verify",
            "Places orders and proves that every acknowledged one is there: once, with the right content, in database, cache, search and "
            + "analytics. A run that was ended in the middle is gone on with by its ledger. Exit code 1: something differs, or could not "
            + "be proven.");
        verify._options.AddTo(command);
        command.Does(context, (parsed, cancel) => verify.RunAsync(parsed, context, cancel));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CliContext context, CancellationToken cancel)
    {
        if (_options.Api.Target(parsed) is not { } target) throw new UsageException("Say which API: --api.");
        if (parsed.GetValue(_options.Ledger) is not { } file) throw new UsageException("Say where the ledger is: --ledger.");
        if (parsed.GetValue(_options.Orders) is not null && parsed.GetValue(_options.Duration) is not null)
            throw new UsageException("Say how many or for how long: --orders or --duration, not both.");
        var profile = parsed.GetValue(_options.Profile) is { } named ? await ProfileFiles.ReadAsync(named, cancel) : null;
        var placing = Placing(parsed);
        var content = await LedgerReader.ReadAsync(file, cancel);
        if (content?.Plan is { } begun) Match(parsed, file, begun, target, profile);
        else if (placing is not { GoesOn: true })
            throw new UsageException($"{file} has no orders to look at: say --orders or --duration to place some.");

        using var connection = new ApiConnection(context, target);
        // A second process with the same ledger would send what this one has not sent yet.
        await using var writer = placing is null ? null : LedgerWriter.Open(file, content?.Plan is null ? 0 : content.Length);
        if (content?.Plan is null) content = await BeginAsync(parsed, context, connection, writer!, profile ?? Profile.Default, cancel);
        await using var ledger = new VerifyLedger(content, writer);
        return await RunAsync(parsed, context, connection, content, ledger, placing, cancel);
    }

    /// <summary>A ledger is worth something for its own orders alone.</summary>
    private void Match(ParseResult parsed, FileInfo file, VerifyPlan begun, ApiTarget target, Profile? profile)
    {
        Same("--api", target.Address.ToString(), begun.Api);
        Same("--seed", parsed.GetValue(_options.Seed)?.ToString(CultureInfo.InvariantCulture), Text(begun.Seed));
        Same("--run", parsed.GetValue(_options.Run), begun.Run);
        Same("--moves", parsed.GetValue(_options.Moves) is { } moves ? Text(moves) : null, Text(begun.Moves));
        if (profile is not null && ProfileReader.Write(profile) != begun.Profile)
            throw new UsageException($"{file} is the ledger of another run: its --profile says something else.");

        void Same(string option, string? said, string known)
        {
            if (said is not null && said != known)
                throw new UsageException($"{file} is the ledger of another run: its {option} is {known}, not {said}.");
        }

        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
    }

    private VerifyRunOptions? Placing(ParseResult parsed)
    {
        if (!parsed.GetValue(_options.CheckOnly))
        {
            return new VerifyRunOptions(
                parsed.GetValue(_options.Orders),
                parsed.GetValue(_options.Duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                parsed.GetValue(_options.Rate), parsed.GetValue(_options.InFlight), parsed.GetValue(_options.Restock));
        }

        return parsed.GetValue(_options.Orders) is null && parsed.GetValue(_options.Duration) is null
            ? null : throw new UsageException("--check-only places no orders: leave --orders and --duration out.");
    }

    private async Task<LedgerContent> BeginAsync(
        ParseResult parsed, CliContext context, ApiConnection connection, LedgerWriter writer, Profile profile, CancellationToken cancel)
    {
        var now = context.Time.GetUtcNow();
        var run = parsed.GetValue(_options.Run)
            ?? string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..8]}");
        var plan = new VerifyPlan(
            connection.Target.Address.ToString(), parsed.GetValue(_options.Seed) ?? SeedDefault, run,
            parsed.GetValue(_options.Moves) ?? MovesDefault, ProfileReader.Write(profile));
        var api = new PatientApi(connection.Api, connection.Target.Patience);
        try
        {
            using var earlier = JsonDocument.Parse(await api.ReadAsync("/v1/orders?limit=1&channel=" + plan.Channel, cancel));
            if (earlier.RootElement.GetProperty("items").GetArrayLength() > 0)
                throw new UsageException($"{plan} has orders already: go on with its own ledger, or name another --run.");
            var shop = await new VerifyShop(api, parsed.GetValue(_options.Shop)).ReadAsync(profile.Shipping.Currency, cancel);
            _ = Shop(shop, profile);
            await VerifyLedger.BeginAsync(writer, plan, shop, now);
            return new LedgerContent(plan, shop, new VerifyBook(), [], [], 0);
        }
        catch (TimeoutException error)
        {
            throw new ApiAwayException(connection.Target.Address, connection.Target.Patience, error.Message);
        }
    }

    private async Task<int> RunAsync(
        ParseResult parsed, CliContext context, ApiConnection connection, LedgerContent content, VerifyLedger ledger,
        VerifyRunOptions? placing, CancellationToken cancel)
    {
        var (target, terminal) = (connection.Target, context.Terminal);
        if (ledger.Book.Count > 0) terminal.Complain(VerifySummary.Begun(ledger.Book.Totals));
        var profile = ProfileReader.Read(content.Plan!.Profile);
        var orders = new VerifyOrders(
            content.Plan, Shop(content.Shop, profile), profile, parsed.GetValue(_options.Sample) ?? SampleDefault);
        var timeout = TimeSpan.FromSeconds(parsed.GetValue(_options.RequestTimeout));
        var verifier = new Verifier(
            connection.Api, orders, ledger, new VerifierOptions(placing, timeout, target.Patience, parsed.GetValue(_options.Proof)),
            context.Time);
        try
        {
            var report = await new VerifyView(terminal, verifier, context.Time).ShowAsync(verifier.RunAsync(cancel));
            VerifySummary.Say(terminal, report);
            if (parsed.GetValue(_options.Json) is { } json) await report.WriteAsync(json, cancel);
            return report.Proven ? CommandLine.Done : CommandLine.Failed;
        }
        catch (TimeoutException error)
        {
            terminal.Complain(VerifySummary.HowFar(verifier.Totals));
            throw new ApiAwayException(target.Address, target.Patience, error.Message);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            terminal.Complain(VerifySummary.HowFar(verifier.Totals));
            throw;
        }
    }

    private static ShopData Shop(SimulatedTables tables, Profile profile)
    {
        var shop = ShopData.From(tables, profile.Shipping.Currency);
        return shop.Tables.CanOrder ? shop : throw new UsageException(
            $"Nobody can order: there must be an active customer with an address, and an active product in {profile.Shipping.Currency}.");
    }
}

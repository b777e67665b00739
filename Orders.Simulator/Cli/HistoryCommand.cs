using System.CommandLine;
using System.Globalization;
using Orders.Simulator.Calendars;
using Orders.Simulator.Histories;
using Orders.Simulator.Model;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Cli;

/// <summary><c>history</c>: orders of the past with all that has become of them, into the API or into a file.</summary>
internal sealed class HistoryCommand
{
    private const int OrdersPerDay = 100;
    private const int DaysDefault = 365;
    private const string RunDefault = "history";

    /// <summary>What grows too old for the index while it is looked for is not waited for.</summary>
    private const int WindowMarginDays = 1;

    private readonly TableOptions _tables = new();

    private readonly Option<long?> _orders = new("--orders")
    {
        Description = $"How many; default {OrdersPerDay} for each day, at most {HistoryPlan.OrdersMax}.",
    };

    private readonly Option<DateOnly?> _from = Day("--from", $"First day, in Madrid; default {DaysDefault} days before --to.");
    private readonly Option<DateOnly?> _to = Day("--to", "Last day; default the day before --as-of.");
    private readonly Option<DateOnly?> _asOf = Day("--as-of", "Lives are told up to the beginning of this day; default today.");

    private readonly Option<string?> _run = new("--run")
    {
        Description = $"Names the history; another name makes other orders. Default {RunDefault}.", HelpName = "name",
    };

    private readonly Option<FileInfo?> _profile = ProfileFiles.Option();

    private readonly Option<FileInfo?> _out = new("--out")
    {
        Description = "Write the lines of the import to this file instead of sending them.", HelpName = "file.ndjson",
    };

    private readonly Option<FileInfo?> _state = new("--state")
    {
        Description = "Keep in this file how far it is, and go on from there when it is there.", HelpName = "file.json",
    };

    private readonly Option<bool> _seedTables = new("--seed-tables") { Description = "Send the tables first." };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Do not wait until everything is searchable." };

    private readonly Option<int> _part = ApiOptions.Whole("--part", "Orders of one import", 10_000, 100_000);

    private readonly Option<int> _window = ApiOptions.Whole(
        "--search-window", "Days that the search index goes back: closed orders from before are not waited for", 730, 36_500);

    private readonly ApiOptions _api = new();

    public static Command Create(CliContext context)
    {
        var options = new HistoryCommand();
        options._orders.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, CultureInfo.InvariantCulture, out var count)
                && count is < 1 or > HistoryPlan.OrdersMax)
                result.AddError(FormattableString.Invariant($"--orders must be 1 to {HistoryPlan.OrdersMax}."));
        });
        options._run.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && (name.Length is 0 or > HistoryPlan.RunMax
                || name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_'))))
                result.AddError("--run must be up to 64 letters, digits, points, dashes and underscores.");
        });
        var tables = options._tables;
        var command = new Command("history",
            "Orders of the past with everything that became of them, through the import. Sending the same history again changes nothing: "
            + "a run that was ended in the middle is simply started again.")
        {
            options._orders, options._from, options._to, options._asOf, options._run, tables.Seed, options._profile, tables.Customers,
            tables.Addresses, tables.Products, tables.SkipBad, options._seedTables, options._out, options._state, options._part,
            options._noWait, options._window, options._api.Api, options._api.Key, options._api.Batch, options._api.Patience,
        };
        command.Does(context, (parsed, cancel) => options.RunAsync(parsed, context, cancel));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CliContext context, CancellationToken cancel)
    {
        var (target, file) = (_api.Target(parsed), parsed.GetValue(_out));
        if ((target is null) == (file is null)) throw new UsageException("Say where to: --api or --out.");
        if (target is null && (parsed.GetValue(_seedTables) || parsed.GetValue(_state) is not null))
            throw new UsageException("--seed-tables and --state are for --api.");
        var profile = await ProfileFiles.ReadAsync(parsed.GetValue(_profile), cancel);
        var known = parsed.GetValue(_state) is { } stateFile ? await HistoryState.ReadAsync(stateFile, cancel) : null;
        var plan = Plan(parsed, known?.Plan, DateOnly.FromDateTime(MadridTime.Local(context.Time.GetUtcNow())));
        var tables = await _tables.LoadAsync(parsed, isEveryTableNeeded: true, context.Terminal, cancel);
        if (tables is null) return CommandLine.Failed;
        var source = new HistorySource(plan, Shop(tables, profile), profile);
        if (file is not null) return await WriteAsync(source, file, context, cancel);

        var begin = Begin(parsed.GetValue(_state), source, known);
        using var connection = new ApiConnection(context, target!);
        if (parsed.GetValue(_seedTables)) await new TableSending(context, connection).SendAsync(tables, cancel);
        return await SendAsync(parsed, context, connection, source, begin, cancel);
    }

    /// <summary>What is not said is as it was when the history was begun, or else by the calendar.</summary>
    private HistoryPlan Plan(ParseResult parsed, HistoryPlan? begun, DateOnly today)
    {
        var asOf = parsed.GetValue(_asOf) ?? begun?.AsOf ?? today;
        var to = parsed.GetValue(_to) ?? begun?.To ?? asOf.AddDays(-1);
        var from = parsed.GetValue(_from) ?? begun?.From ?? to.AddDays(1 - DaysDefault);
        if (asOf > today)
            throw new UsageException(FormattableString.Invariant($"--as-of must not be later than today, {today:yyyy-MM-dd}."));
        if (to >= asOf) throw new UsageException(FormattableString.Invariant($"--to must be earlier than --as-of, {asOf:yyyy-MM-dd}."));
        if (from > to) throw new UsageException(FormattableString.Invariant($"--from must not be later than --to, {to:yyyy-MM-dd}."));
        if (from < HistoryPlan.Earliest)
            throw new UsageException(FormattableString.Invariant($"--from must not be earlier than {HistoryPlan.Earliest:yyyy-MM-dd}."));
        var orders = parsed.GetValue(_orders) ?? begun?.Orders ?? (long)(to.DayNumber - from.DayNumber + 1) * OrdersPerDay;
        return new HistoryPlan(parsed.GetValue(_tables.Seed), parsed.GetValue(_run) ?? begun?.Run ?? RunDefault, orders, from, to, asOf);
    }

    private static ShopData Shop(SeedTables tables, Profile profile)
    {
        var shop = ShopData.From(
            new SimulatedTables(tables.Customers ?? [], tables.Addresses ?? [], tables.Products ?? []), profile.Shipping.Currency);
        return shop.Tables.CanOrder ? shop : throw new UsageException(
            $"Nobody can order: there must be an active customer with an address, and an active product in {profile.Shipping.Currency}.");
    }

    private static async Task<int> WriteAsync(HistorySource source, FileInfo file, CliContext context, CancellationToken cancel)
    {
        var progress = new HistoryProgress(source.Plan.Orders, 0, context.Time);
        var started = context.Time.GetTimestamp();
        var unfinished = file.FullName + ".part";
        await new HistoryView(context.Terminal, progress, "written", false, context.Time).ShowAsync(WriteAsync());
        File.Move(unfinished, file.FullName, overwrite: true);
        var seconds = context.Time.GetElapsedTime(started).TotalSeconds;
        context.Terminal.Say(FormattableString.Invariant($"{file}: {source.Plan}, {seconds:F1} s"));
        return CommandLine.Done;

        async Task<bool> WriteAsync()
        {
            await using var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1, useAsync: true);
            await source.WriteAsync(stream, 0, source.Plan.Orders, Written, cancel);
            return true;
        }

        void Written(long number)
        {
            progress.SettledUpTo(number);
            progress.SeenUpTo(number);
        }
    }

    /// <summary>Where to go on.</summary>
    private static HistoryState Begin(FileInfo? file, HistorySource source, HistoryState? known)
    {
        var fingerprint = source.Fingerprint();
        if (known is null) return new HistoryState(source.Plan, fingerprint, 0, 0, 0, 0);
        if (known.Plan == source.Plan && known.Fingerprint == fingerprint) return known;
        throw new UsageException($"{file} is the state of another history, {known.Plan}: other dates, tables, seed or profile.");
    }

    private async Task<int> SendAsync(
        ParseResult parsed, CliContext context, ApiConnection connection, HistorySource source, HistoryState begin,
        CancellationToken cancel)
    {
        var terminal = context.Terminal;
        var target = connection.Target;
        if (begin.Next > 0) terminal.Complain(FormattableString.Invariant($"the first {begin.Next} orders are acknowledged already"));
        var progress = new HistoryProgress(source.Plan.Orders, begin.Next, context.Time);
        DateTimeOffset? since = parsed.GetValue(_noWait)
            ? null : context.Time.GetUtcNow().AddDays(WindowMarginDays - parsed.GetValue(_window));
        var run = new HistoryRun(
            connection.Api, source, begin, progress,
            new HistoryRunOptions(parsed.GetValue(_part), parsed.GetValue(_state), target.Patience, since), context.Time,
            terminal.Complain);
        try
        {
            var view = new HistoryView(terminal, progress, "sent", since is not null, context.Time);
            var result = await view.ShowAsync(run.RunAsync(cancel));
            HistorySummary.Say(terminal, source.Plan, result, run.Rejections, target.Patience);
            return result.IsComplete ? CommandLine.Done : CommandLine.Failed;
        }
        catch (TimeoutException error)
        {
            SayHowFar();
            throw new ApiAwayException(target.Address, target.Patience, error.Message);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            SayHowFar();
            throw;
        }

        void SayHowFar() => terminal.Complain(FormattableString.Invariant(
            $"{run.Settled} of {source.Plan.Orders} orders are acknowledged; the same command again goes on and doubles nothing"));
    }

    private static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description, HelpName = "yyyy-mm-dd",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
            result.AddError($"{name} '{text}' must be a date such as 2025-12-31.");
            return null;
        },
    };
}

using System.CommandLine;
using System.Globalization;
using Orders.Simulator.Load;

namespace Orders.Simulator.Cli;

/// <summary>The options of <c>load</c> and the plan that they make.</summary>
internal sealed class LoadOptions
{
    private const string Mixed = "mixed";
    private const double RateMax = 100_000;
    private const int UsersMax = 10_000;
    private const int RunMax = 64;
    private static readonly TimeSpan LengthMax = TimeSpan.FromDays(1);
    private static readonly LoadMix MixDefault = LoadText.Mix("place=10,read=70,search=20")!;

    private readonly Option<string> _scenario = new("--scenario")
    {
        Description = "What requests do: place, read, search or mixed.", DefaultValueFactory = _ => Mixed,
    };

    private readonly Option<LoadMix?> _mix = new("--mix")
    {
        Description = "Weights of the mixed scenario, default place=10,read=70,search=20.", HelpName = "weights",
        CustomParser = result =>
        {
            var mix = LoadText.Mix(result.Tokens[0].Value);
            if (mix is null) result.AddError("--mix must be weights such as place=10,read=70,search=20, one of them above 0.");
            return mix;
        },
    };

    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "Open model: so many requests come in a second, 0.1 to 100000, whatever the API does. Default 10.",
    };

    private readonly Option<int?> _users = new("--users")
    {
        Description = "Closed model: so many users, 1 to 10000, each of whom waits for the reply before the next request.",
    };

    private readonly Option<IReadOnlyList<LoadStage>?> _stages = new("--stages")
    {
        Description = "Several levels and how long each is held, such as 10@30s,100@1m, instead of --rate and --duration.",
        HelpName = "levels",
        CustomParser = result =>
        {
            var stages = LoadText.Stages(result.Tokens[0].Value);
            if (stages is null) result.AddError("--stages must be levels and times such as 10@30s,100@1m.");
            return stages;
        },
    };

    private readonly Option<bool> _closed = new("--closed") { Description = "The levels of --stages are users, not requests per second." };

    private readonly Option<string> _arrivals = new("--arrivals")
    {
        Description = "Open model: poisson (random, as customers come) or even.", DefaultValueFactory = _ => "poisson",
    };

    private readonly Option<TimeSpan> _duration = Time("--duration", "How long it is measured", "1m", "1s", "24h");
    private readonly Option<TimeSpan> _warmUp = Time("--warm-up", "So long before that, at the first level, not counted", "0", "0", "1h");
    private readonly Option<TimeSpan> _ramp = Time("--ramp", "The way from level to level, from 0 to the first", "0", "0", "24h");
    private readonly Option<TimeSpan> _think = Time(
        "--think", "Closed model: from a reply to the next request, on average", "0", "0", "10m");

    private readonly Option<TimeSpan> _timeout = Time("--timeout", "Until a request is given up", "10s", "100ms", "10m");

    private readonly Option<int> _inFlight = ApiOptions.Whole(
        "--in-flight", "Open model: requests on their way at once; more are held back and counted", 1000, UsersMax);

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "The same number, with the same --run, makes the same requests.", DefaultValueFactory = _ => 42,
    };

    private readonly Option<string?> _run = new("--run")
    {
        Description = "Names the run: its orders have idempotency keys of their own. Default: a new name.", HelpName = "name",
    };

    private readonly Option<string[]> _thresholds = new("--threshold")
    {
        Description = "A bound such as \"p99<500ms\", \"place.p95<=200ms\", \"errors<1%\" or \"rate>=90\"; one that is missed makes "
            + "the exit code 1. May stand several times.",
        HelpName = "bound",
    };

    public LoadOptions()
    {
        _scenario.AcceptOnlyFromAmong([.. LoadOperations.All.Select(operation => operation.ToWire()), Mixed]);
        _arrivals.AcceptOnlyFromAmong("poisson", "even");
        Within(_rate, 0.1, RateMax);
        Within(_users, 1, UsersMax);
        _run.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && (name.Length is 0 or > RunMax
                || name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_'))))
                result.AddError("--run must be up to 64 letters, digits, points, dashes and underscores.");
        });
        _thresholds.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (LoadThreshold.TryParse(token.Value, out var why) is null) result.AddError("--threshold " + why + ".");
            }
        });
    }

    public IEnumerable<Option> All =>
    [
        _scenario, _mix, _rate, _users, _stages, _closed, _arrivals, _duration, _warmUp, _ramp, _think, _inFlight, _timeout, _seed, _run,
        _thresholds,
    ];

    /// <exception cref="UsageException">The options do not go together.</exception>
    public LoadPlan Plan(ParseResult parsed, Uri api, TimeProvider time)
    {
        var stages = Stages(parsed, out var model);
        var (ramp, warmUp) = (parsed.GetValue(_ramp), parsed.GetValue(_warmUp));
        if (stages.Select((stage, index) => stage.Length + (index == 0 ? warmUp : TimeSpan.Zero)).Any(length => ramp > length))
            throw new UsageException("--ramp must not be longer than any stage; the warm-up is part of the first one.");
        if (model == LoadModel.Open && parsed.GetValue(_think) > TimeSpan.Zero)
            throw new UsageException("--think is for users of the closed model: --users, or --stages with --closed.");
        var scenario = parsed.GetValue(_scenario)!;
        if (parsed.GetValue(_mix) is { } mix)
        {
            if (scenario != Mixed) throw new UsageException("--mix is for --scenario mixed.");
        }
        else
        {
            mix = LoadOperations.Of(scenario) is { } operation ? LoadMix.Only(operation) : MixDefault;
        }

        // A user has one request on its way at most.
        var inFlight = model == LoadModel.Open ? parsed.GetValue(_inFlight) : (int)Math.Ceiling(stages.Max(stage => stage.Level));
        return new LoadPlan(
            api, scenario, mix, model, parsed.GetValue(_arrivals) == "poisson", stages, ramp, warmUp, parsed.GetValue(_think),
            inFlight, parsed.GetValue(_timeout), parsed.GetValue(_seed),
            parsed.GetValue(_run) ?? Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
    }

    public IReadOnlyList<LoadThreshold> Thresholds(ParseResult parsed, LoadPlan plan)
    {
        var thresholds = (parsed.GetValue(_thresholds) ?? []).Select(text => LoadThreshold.TryParse(text, out _)!).ToList();
        var idle = thresholds.Find(threshold => threshold.Operation is { } operation && !plan.Mix.Has(operation));
        return idle is null ? thresholds : throw new UsageException(
            $"--threshold '{idle}' is about an operation that does not take part; there are "
            + string.Join(", ", plan.Mix.Weights.Keys.Select(operation => operation.ToWire())) + ".");
    }

    private IReadOnlyList<LoadStage> Stages(ParseResult parsed, out LoadModel model)
    {
        var (rate, users, stages) = (parsed.GetValue(_rate), parsed.GetValue(_users), parsed.GetValue(_stages));
        if ((rate is null ? 0 : 1) + (users is null ? 0 : 1) + (stages is null ? 0 : 1) > 1)
            throw new UsageException("One of --rate, --users and --stages says how much load there is.");
        if (parsed.GetValue(_closed) && stages is null) throw new UsageException("--closed is for --stages.");
        model = users is not null || parsed.GetValue(_closed) ? LoadModel.Closed : LoadModel.Open;
        if (stages is null) return [new LoadStage(users ?? rate ?? 10, parsed.GetValue(_duration))];
        var max = model == LoadModel.Closed ? UsersMax : RateMax;
        if (stages.Any(stage => stage.Level > max || stage.Length < TimeSpan.FromSeconds(1)) || stages.All(stage => stage.Level <= 0)
            || stages.Sum(stage => stage.Length.TotalSeconds) > LengthMax.TotalSeconds)
            throw new UsageException(FormattableString.Invariant(
                $"--stages must have levels up to {max}, one above 0, each for a second or more, and together at most 24h."));
        if (parsed.GetResult(_duration) is { Implicit: false })
            throw new UsageException("--duration is for --rate and --users; stages have their own.");
        return stages;
    }

    private static void Within<T>(Option<T?> option, double min, double max)
        where T : struct => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && double.TryParse(text, CultureInfo.InvariantCulture, out var number)
            && !(number >= min && number <= max))
            result.AddError(FormattableString.Invariant($"{option.Name} must be {min} to {max}."));
    });

    private static Option<TimeSpan> Time(string name, string description, string byDefault, string min, string max)
    {
        var (least, most) = (LoadText.Duration(min)!.Value, LoadText.Duration(max)!.Value);
        return new Option<TimeSpan>(name)
        {
            Description = $"{description}: {min} to {max}, default {byDefault}.", HelpName = "time",
            DefaultValueFactory = _ => LoadText.Duration(byDefault)!.Value,
            CustomParser = result =>
            {
                if (LoadText.Duration(result.Tokens[0].Value) is { } time && time >= least && time <= most) return time;
                result.AddError($"{name} must be a time such as 500ms, 30s, 2m or 1h, {min} to {max}.");
                return default;
            },
        };
    }
}

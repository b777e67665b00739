using System.Globalization;
using System.Text.RegularExpressions;

namespace Orders.Simulator.Load;

/// <summary>What a threshold came to.</summary>
/// <param name="Actual">In the threshold's own unit; null: nothing was measured that it could be held against, which is a miss.</param>
/// <param name="MissedBy">In the same unit; null when it was held.</param>
internal sealed record ThresholdOutcome(LoadThreshold Threshold, double? Actual, double? MissedBy)
{
    public bool IsHeld => Actual is not null && MissedBy is null;

    public override string ToString() => Actual is not { } actual
        ? $"{Threshold}: MISSED, nothing was measured"
        : MissedBy is { } by
            ? $"{Threshold}: MISSED, it was {Threshold.Text(actual)}, by {Threshold.Text(by)}"
            : $"{Threshold}: held, it was {Threshold.Text(actual)}";
}

/// <summary>
/// A bound that decides about the exit code, such as <c>p99&lt;500ms</c>, <c>place.p95&lt;=200ms</c>, <c>search.service.p99.9&lt;1s</c>,
/// <c>errors&lt;1%</c> or <c>rate&gt;=90</c>: an operation or none, a measure, a comparison, a number with the measure's unit.
/// </summary>
internal sealed partial class LoadThreshold
{
    private static readonly Dictionary<string, double> Milliseconds = new(StringComparer.Ordinal)
    {
        ["us"] = 0.001, ["ms"] = 1, ["s"] = 1000, ["m"] = 60_000,
    };

    private readonly string _text;
    private readonly bool _isService;
    private readonly string _measure;
    private readonly double? _percent;
    private readonly string _comparison;
    private readonly double _bound;
    private readonly string _unit;

    private LoadThreshold(string text, Match match, string unit)
    {
        _text = text;
        Operation = LoadOperations.Of(match.Groups["operation"].Value.TrimEnd('.'));
        _isService = match.Groups["service"].Success;
        _measure = match.Groups["measure"].Value;
        _percent = _measure[0] == 'p' ? double.Parse(_measure.AsSpan(1), CultureInfo.InvariantCulture) : null;
        _comparison = match.Groups["comparison"].Value;
        _bound = double.Parse(match.Groups["bound"].Value, CultureInfo.InvariantCulture);
        _unit = unit;
    }

    /// <summary>Null: all of them together.</summary>
    public LoadOperation? Operation { get; }

    /// <summary>Of what is measured: a time's, % or /s; empty for a number.</summary>
    public string Unit => _measure == "rate" ? "/s" : _unit;

    /// <param name="text">What somebody wrote.</param>
    /// <param name="why">Why it is none.</param>
    public static LoadThreshold? TryParse(string text, out string why)
    {
        why = "";
        var match = Form().Match(text.Replace(" ", "", StringComparison.Ordinal));
        if (!match.Success)
        {
            why = $"'{text}' must be [place.|read.|search.][service.]measure, <, <=, > or >=, and a number, such as \"place.p99<=200ms\"";
            return null;
        }

        var (measure, unit) = (match.Groups["measure"].Value, match.Groups["unit"].Value);
        var operation = match.Groups["operation"];
        if (Complaint(operation.Value.TrimEnd('.'), match.Groups["service"].Success, measure, unit) is not { } wrong)
            return new LoadThreshold(text, match, unit);
        why = $"'{text}': {wrong}";
        return null;
    }

    public ThresholdOutcome Judge(LoadResult result)
    {
        var meter = Operation is { } operation ? result.Recorder.Of(operation) : result.Overall;
        if (ActualOf(meter, result) is not { } actual) return new ThresholdOutcome(this, null, null);
        var isHeld = _comparison switch
        {
            "<" => actual < _bound,
            "<=" => actual <= _bound,
            ">" => actual > _bound,
            _ => actual >= _bound,
        };
        return new ThresholdOutcome(this, actual, isHeld ? null : Math.Abs(actual - _bound));
    }

    /// <summary>A value with the threshold's unit.</summary>
    public string Text(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###}")
        + (Milliseconds.ContainsKey(Unit) ? " " : "") + Unit;

    public override string ToString() => _text;

    /// <summary>Shares of what was due need something that was due; a rate of nothing is 0.</summary>
    private double? ActualOf(LoadMeter meter, LoadResult result)
    {
        if (_measure == "rate") return result.RateOf(meter);
        if (meter.Succeeded + meter.Failed + meter.NeverSent == 0) return null;
        if (_measure == "errors") return 100 * meter.ErrorShare;
        if (_measure == "never_sent") return meter.NeverSent;
        var histogram = _isService ? meter.Service : meter.Latency;
        if (histogram.Count == 0) return null;
        var time = _percent is { } percent ? histogram.Percentile(percent) : _measure == "max" ? histogram.Max : histogram.Mean;
        return time.TotalMilliseconds / Milliseconds[_unit];
    }

    private static string? Complaint(string operation, bool isService, string measure, string unit)
    {
        if (operation.Length > 0 && LoadOperations.Of(operation) is null)
            return $"there is no operation '{operation}'; there are place, read and search";
        if (measure is "errors" && (unit != "%" || isService)) return "errors is a share of what was due, such as errors<1%";
        if (measure is "rate" or "never_sent") return unit.Length == 0 && !isService ? null : $"{measure} is a number without a unit";
        if (measure is "errors") return null;
        var isPercentile = measure[0] == 'p'
            && double.TryParse(measure.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is > 0 and < 100;
        if (!isPercentile && measure is not ("max" or "mean"))
            return $"there is no measure '{measure}'; there are p50, p99.9 and the like, mean, max, errors, rate and never_sent";
        return Milliseconds.ContainsKey(unit) ? null : $"{measure} is a time: us, ms, s or m";
    }

    [GeneratedRegex(@"^(?<operation>(?!service\.)[a-z_]+\.)?(?<service>service\.)?(?<measure>[a-z_]+[0-9]*(\.[0-9]+)?)"
        + @"(?<comparison><=|>=|<|>)(?<bound>[0-9]+(\.[0-9]+)?)(?<unit>[a-z%]*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}

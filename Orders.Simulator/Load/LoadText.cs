using System.Globalization;

namespace Orders.Simulator.Load;

/// <summary>How people write what a load test is made of.</summary>
internal static class LoadText
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary><c>500ms</c>, <c>30s</c>, <c>1.5m</c>, <c>2h</c>, or 0; null: it is none.</summary>
    public static TimeSpan? Duration(string text)
    {
        if (text == "0") return TimeSpan.Zero;
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && Number(text[..^unit.Length]) is { } number && number * seconds < 1e6)
                return TimeSpan.FromSeconds(number * seconds);
        }

        return null;
    }

    /// <summary><c>10@30s,100@1m</c>: levels and how long each is held. Null: it is something else.</summary>
    public static IReadOnlyList<LoadStage>? Stages(string text)
    {
        var stages = new List<LoadStage>();
        foreach (var part in text.Split(','))
        {
            if (part.Split('@') is not [var level, var length] || Number(level) is not { } number || Duration(length) is not { } time)
                return null;
            stages.Add(new LoadStage(number, time));
        }

        return stages;
    }

    /// <summary><c>place=10,read=70,search=20</c>; null: it is something else, or nothing takes part.</summary>
    public static LoadMix? Mix(string text)
    {
        var weights = new Dictionary<LoadOperation, double>();
        foreach (var part in text.Split(','))
        {
            if (part.Split('=') is not [var name, var weight] || LoadOperations.Of(name) is not { } operation
                || Number(weight) is not { } number || !weights.TryAdd(operation, number))
                return null;
        }

        var taking = weights.Where(weight => weight.Value > 0).ToDictionary();
        return taking.Count > 0 ? new LoadMix(taking) : null;
    }

    /// <summary>A time for people.</summary>
    public static string Of(TimeSpan time) => time.TotalMilliseconds switch
    {
        >= 100_000 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s"),
        >= 1000 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F2} s"),
        >= 100 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms"),
        >= 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F1} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F2} ms"),
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}

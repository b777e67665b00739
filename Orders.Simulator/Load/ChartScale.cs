using System.Globalization;

namespace Orders.Simulator.Load;

/// <summary>Maps values to places on an axis and knows where its lines are.</summary>
internal sealed class ChartScale
{
    private static readonly double[] TimeSteps =
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];

    private readonly double _from;
    private readonly double _to;
    private readonly bool _isLogarithmic;

    private ChartScale(double from, double to, bool isLogarithmic, IReadOnlyList<double> ticks)
    {
        (_from, _to, _isLogarithmic, Ticks) = (from, to, isLogarithmic, ticks);
    }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>0 to 1; beyond the axis is its end.</summary>
    public double Of(double value) => Math.Clamp(
        _isLogarithmic ? Math.Log(Math.Max(value, _from) / _from) / Math.Log(_to / _from) : (value - _from) / (_to - _from), 0, 1);

    /// <summary>From 0 to a round number not below <paramref name="max"/>.</summary>
    public static ChartScale Linear(double max)
    {
        var rough = Math.Max(max, 1e-9) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.First(factor => factor * power >= rough * (1 - 1e-9)) * power;
        var count = (int)Math.Ceiling((max / step) - 1e-9);
        return new ChartScale(0, Math.Max(1, count) * step, false, [.. Enumerable.Range(0, Math.Max(1, count) + 1).Select(i => i * step)]);
    }

    /// <summary>Counts are whole: there is no half of an error.</summary>
    public static ChartScale Counts(double max) => max <= 4
        ? new ChartScale(0, Math.Max(1, max), false, [.. Enumerable.Range(0, (int)Math.Max(1, max) + 1).Select(i => (double)i)])
        : Linear(max);

    /// <summary>From one round number to another, with a line at each 1, 2 and 5 where there is room, or at powers of ten.</summary>
    public static ChartScale Logarithmic(double min, double max)
    {
        double[] all = [.. Enumerable.Range(-4, 13).SelectMany(power => new[] { 1, 2, 5 }.Select(digit => digit * Math.Pow(10, power)))];
        var from = all.LastOrDefault(tick => tick <= min, all[0]);
        var to = all.FirstOrDefault(tick => tick >= max && tick > from, all[^1]);
        double[] within = [.. all.Where(tick => tick >= from && tick <= to)];
        return new ChartScale(from, to, true, within.Length <= 7 ? within : [.. within.Where(IsPowerOfTen)]);
    }

    /// <summary>Seconds of a run.</summary>
    public static ChartScale Seconds(double length)
    {
        var step = TimeSteps.FirstOrDefault(step => length / step <= 8, TimeSteps[^1]);
        return new ChartScale(0, length, false, [.. Enumerable.Range(0, (int)(length / step) + 1).Select(i => i * step)]);
    }

    public static string Time(double seconds) => seconds switch
    {
        0 => "0",
        >= 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.##} h"),
        >= 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.##} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s"),
    };

    public static string Milliseconds(double value) => value >= 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{value / 1000:0.##} s")
        : string.Create(CultureInfo.InvariantCulture, $"{value:0.###} ms");

    public static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:#,0.###}");

    private static bool IsPowerOfTen(double tick) => Math.Abs(Math.Log10(tick) - Math.Round(Math.Log10(tick))) < 1e-9;
}

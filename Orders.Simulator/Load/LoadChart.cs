using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Orders.Simulator.Load;

/// <summary>A line or a row of bars.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Style">The class that gives it its colour.</param>
/// <param name="Values">One for each place; null: a gap.</param>
internal sealed record ChartSeries(string Name, string Style, IReadOnlyList<double?> Values);

/// <summary>
/// A drawing in the page: its colours are classes of the page's style, so it is dark where the page is. What is pointed at says its
/// values. Inside HTML it needs no namespace.
/// </summary>
internal sealed class LoadChart
{
    private const double Width = 1000;
    private const double Height = 260;
    private const double Left = 70;
    private const double Right = 14;
    private const double Top = 14;
    private const double Bottom = 30;
    private const int DotsMax = 40;

    private readonly XElement _root;
    private readonly ChartScale _x;
    private readonly ChartScale _y;

    /// <param name="label">What it shows, for who cannot see it.</param>
    public LoadChart(string label, ChartScale x, Func<double, string> xText, ChartScale y, Func<double, string> yText)
    {
        (_x, _y) = (x, y);
        _root = new XElement("svg", new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {Height}")),
            new XAttribute("role", "img"), new XAttribute("aria-label", label));
        foreach (var tick in y.Ticks)
        {
            _root.Add(Line(Left, Y(tick), Width - Right, Y(tick), "grid"));
            _root.Add(Text(Left - 8, Y(tick) + 4, yText(tick), "tick end"));
        }

        _root.Add(Line(Left, Height - Bottom, Width - Right, Height - Bottom, "axis"));
        foreach (var tick in x.Ticks) _root.Add(Text(X(tick), Height - Bottom + 18, xText(tick), "tick middle"));
    }

    public XElement Drawing => _root;

    /// <summary>A part of the time that does not count.</summary>
    public LoadChart Shade(double from, double to, string text)
    {
        if (to <= from) return this;
        _root.Add(Rectangle(X(from), Top, X(to) - X(from), Height - Top - Bottom, "shade"));
        _root.Add(Text(X(from) + 6, Top + 14, text, "tick"));
        return this;
    }

    public LoadChart AddLine(ChartSeries series, IReadOnlyList<double> places)
    {
        var (path, isOpen) = (new StringBuilder(), false);
        for (var i = 0; i < places.Count; i++)
        {
            if (series.Values[i] is not { } value)
            {
                isOpen = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(isOpen ? 'L' : 'M')}{X(places[i]):0.#} {Y(value):0.#}");
            isOpen = true;
        }

        _root.Add(new XElement("path", new XAttribute("d", path.ToString()), new XAttribute("class", "line " + series.Style)));
        if (places.Count > DotsMax) return this;
        for (var i = 0; i < places.Count; i++)
        {
            if (series.Values[i] is { } value) _root.Add(new XElement("circle", At("cx", X(places[i])), At("cy", Y(value)), At("r", 3),
                new XAttribute("class", "dot " + series.Style)));
        }

        return this;
    }

    /// <summary>Bars from the axis up, several on top of each other.</summary>
    public LoadChart AddBars(IReadOnlyList<ChartSeries> stack, IReadOnlyList<(double From, double To)> places)
    {
        for (var i = 0; i < places.Count; i++)
        {
            var (below, gap) = (0.0, Math.Min(2, (X(places[i].To) - X(places[i].From)) / 4));
            foreach (var series in stack)
            {
                if (series.Values[i] is not > 0) continue;
                var (low, high) = (Y(below), Y(below += series.Values[i]!.Value));
                var (left, width) = (X(places[i].From) + (gap / 2), X(places[i].To) - X(places[i].From) - gap);
                _root.Add(Rectangle(left, high, width, Math.Max(1, low - high), "bar " + series.Style));
            }
        }

        return this;
    }

    /// <summary>A line from top to bottom with a name.</summary>
    public LoadChart Mark(double place, string text, int row)
    {
        _root.Add(Line(X(place), Top, X(place), Height - Bottom, "mark"));
        _root.Add(Text(X(place) + 5, Top + 12 + (row * 15), text, "tick strong"));
        return this;
    }

    /// <summary>What is said where the pointer is; to be added last, so that it lies on top.</summary>
    public LoadChart AddHints(IReadOnlyList<(double From, double To, string Text)> hints)
    {
        foreach (var (from, to, text) in hints)
        {
            var area = Rectangle(X(from), Top, Math.Max(1, X(to) - X(from)), Height - Top - Bottom, "hint");
            area.Add(new XElement("title", text));
            _root.Add(area);
        }

        return this;
    }

    private double X(double value) => Left + (_x.Of(value) * (Width - Left - Right));

    private double Y(double value) => Height - Bottom - (_y.Of(value) * (Height - Top - Bottom));

    private static XElement Line(double x1, double y1, double x2, double y2, string style) => new("line",
        At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2), new XAttribute("class", style));

    private static XElement Rectangle(double x, double y, double width, double height, string style) => new("rect",
        At("x", x), At("y", y), At("width", Math.Max(0, width)), At("height", Math.Max(0, height)), new XAttribute("class", style));

    private static XElement Text(double x, double y, string text, string style) => new("text",
        At("x", x), At("y", y), new XAttribute("class", style), text);

    private static XAttribute At(string name, double value) => new(name, value.ToString("0.#", CultureInfo.InvariantCulture));
}

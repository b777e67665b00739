using System.Globalization;
using System.Xml.Linq;

namespace Orders.Simulator.Calendars;

/// <summary>The drawing as SVG: one file without script, style or font of its own. A cell that is pointed at says its value.</summary>
internal static class CalendarSvg
{
    private const int Cell = 20;
    private const int Left = 50;
    private const int Top = 40;
    private const int TitleHeight = 46;
    private const int Width = Left + (31 * Cell) + 20;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static string Of(CalendarDrawing drawing)
    {
        var root = new XElement(Svg + "svg", new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 11));
        var title = FormattableString.Invariant($"Orders in {drawing.Year.Days[0].Date.Year}: 1.00 is the mean of the year");
        root.Add(Text(Left, 24, title, 15));
        var y = Top;
        foreach (var map in drawing.Maps)
        {
            root.Add(Text(Left, y + 16, map.Title, 12));
            Add(root, map, drawing, y + TitleHeight);
            y += TitleHeight + (map.Rows.Count * Cell) + 10;
        }

        root.Add(new XAttribute("width", Width), new XAttribute("height", y + 10),
            new XAttribute("viewBox", FormattableString.Invariant($"0 0 {Width} {y + 10}")));
        return root.ToString() + "\n";
    }

    private static void Add(XElement root, HeatMap map, CalendarDrawing drawing, int top)
    {
        for (var column = 0; column < map.Columns; column += map.LabelEvery)
            root.Add(Text(Left + (column * Cell) + 2, top - 6, map.Label(column).ToString(CultureInfo.InvariantCulture), 10));
        for (var row = 0; row < map.Rows.Count; row++)
        {
            root.Add(Text(8, top + (row * Cell) + 14, map.Rows[row], 11));
            for (var column = 0; column < map.Columns; column++)
            {
                if (map.Cells[row, column] is not { } factor) continue;
                root.Add(new XElement(Svg + "rect",
                    new XAttribute("x", Left + (column * Cell)), new XAttribute("y", top + (row * Cell)),
                    new XAttribute("width", Cell - 2), new XAttribute("height", Cell - 2), new XAttribute("rx", 3),
                    new XAttribute("fill", HeatColours.Hex(map.LevelOf(factor))),
                    new XElement(Svg + "title", Title(map, drawing, row, column, factor))));
            }
        }
    }

    private static string Title(HeatMap map, CalendarDrawing drawing, int row, int column, double factor)
    {
        var value = factor.ToString("F2", CultureInfo.InvariantCulture);
        if (map.Columns == 24) return string.Create(CultureInfo.InvariantCulture, $"{map.Rows[row]} {column:D2}:00: {value}");
        var day = drawing.Year[new DateOnly(drawing.Year.Days[0].Date.Year, row + 1, column + 1)];
        string[] names = day.Holiday is null ? [.. day.Marks] : [day.Holiday, .. day.Marks];
        return string.Create(CultureInfo.InvariantCulture, $"{day.Date:yyyy-MM-dd ddd}: {value}")
            + (names.Length == 0 ? "" : " (" + string.Join(", ", names) + ")");
    }

    private static XElement Text(int x, int y, string text, int size) => new(Svg + "text",
        new XAttribute("x", x), new XAttribute("y", y), new XAttribute("font-size", size), new XAttribute("fill", "#444"), text);
}

/// <summary>From pale to dark, readable also without red and green.</summary>
internal static class HeatColours
{
    private static readonly (int Red, int Green, int Blue)[] Stops = [(0xF3, 0xF0, 0xE6), (0xF2, 0xA9, 0x3B), (0x8C, 0x1D, 0x40)];

    public static (byte Red, byte Green, byte Blue) Of(int level)
    {
        var place = level * (Stops.Length - 1) / (double)(HeatMap.Levels - 1);
        var (from, to) = (Stops[(int)place], Stops[Math.Min((int)place + 1, Stops.Length - 1)]);
        var share = place - (int)place;
        return (Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

        byte Mix(int a, int b) => (byte)Math.Round(a + ((b - a) * share));
    }

    public static string Hex(int level)
    {
        var (red, green, blue) = Of(level);
        return string.Create(CultureInfo.InvariantCulture, $"#{red:x2}{green:x2}{blue:x2}");
    }
}

using System.CommandLine;
using System.Globalization;
using Orders.Simulator.Calendars;
using Spectre.Console;

namespace Orders.Simulator.Cli;

/// <summary><c>inspect</c>: shows what the simulator goes by.</summary>
internal static class InspectCommand
{
    public static Command Create(CliContext context) => new("inspect", "Look at what the simulator goes by.")
    {
        Calendar(context), InspectProfile.Create(context), InspectOrders.Create(context),
    };

    private static Command Calendar(CliContext context)
    {
        var year = ApiOptions.Whole("--year", "The year", context.Time.GetUtcNow().Year, 2200, min: 1996);
        var svg = new Option<FileInfo?>("--svg") { Description = "Also write the drawing to this file.", HelpName = "file.svg" };
        var source = ProfileFiles.Option();
        var command = new Command("calendar", "When people order: each day of a year and each hour of the week, holidays included.")
        {
            year, source, svg,
        };
        command.Does(context, async (parsed, cancel) =>
        {
            var profile = await ProfileFiles.ReadAsync(parsed.GetValue(source), cancel);
            var drawing = new CalendarDrawing(new ShopCalendar(profile.Calendar).Year(parsed.GetValue(year)));
            foreach (var map in drawing.Maps) Draw(map, context.Terminal);
            Name(drawing, context.Terminal);
            if (parsed.GetValue(svg) is not { } file) return CommandLine.Done;
            await File.WriteAllTextAsync(file.FullName, CalendarSvg.Of(drawing), cancel);
            context.Terminal.Say($"drawn to {file.FullName}");
            return CommandLine.Done;
        });
        return command;
    }

    private static void Draw(HeatMap map, Terminal terminal)
    {
        const string Scale = ".:-=+*oO#@";
        terminal.Say(map.Title);
        terminal.Say("    " + map.Header(2));
        for (var row = 0; row < map.Rows.Count; row++)
        {
            var line = map.Rows[row].PadRight(4);
            for (var column = 0; column < map.Columns; column++)
            {
                line += map.Cells[row, column] is not { } factor ? "  "
                    : terminal.IsColourful ? Coloured(map.LevelOf(factor)) : Scale[map.LevelOf(factor)] + " ";
            }

            if (terminal.IsColourful) terminal.Out.MarkupLine(line);
            else terminal.Say(line.TrimEnd());
        }

        terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"    {(terminal.IsColourful ? "" : Scale + "  ")}{map.Min:F2} to {map.Max:F2}, the mean is 1.00"));
        terminal.Say("");
    }

    private static string Coloured(int level) => $"[on {HeatColours.Hex(level)}]  [/]";

    private static void Name(CalendarDrawing drawing, Terminal terminal)
    {
        var table = new Table().Border(terminal.IsColourful ? TableBorder.Rounded : TableBorder.None)
            .AddColumns("day", "orders", "why");
        foreach (var day in drawing.SpecialDays)
        {
            var names = day.Holiday is null ? day.Marks : [day.Holiday, .. day.Marks];
            table.AddRow(
                day.Date.ToString("ddd yyyy-MM-dd", CultureInfo.InvariantCulture), day.Factor.ToString("F2", CultureInfo.InvariantCulture),
                Markup.Escape(string.Join(", ", names)));
        }

        terminal.Out.Write(table);
    }
}

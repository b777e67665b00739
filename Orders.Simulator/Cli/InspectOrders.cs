using System.CommandLine;
using System.Globalization;
using Orders.Simulator.Calendars;
using Orders.Simulator.Lives;
using Orders.Simulator.Model;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Cli;

/// <summary><c>inspect orders</c>: some orders of a year with their lives, made here and sent nowhere.</summary>
internal static class InspectOrders
{
    private const int OfMax = 100_000_000;

    public static Command Create(CliContext context)
    {
        var seed = new Option<int>("--seed") { Description = "Of tables and orders.", DefaultValueFactory = _ => 42 };
        var of = ApiOptions.Whole("--of", "How many orders the year has", 100_000, OfMax);
        var first = ApiOptions.Whole("--first", "Number of the first order shown", 0, OfMax - 1, min: 0);
        var count = ApiOptions.Whole("--count", "Orders to show", 3, 1000);
        var year = ApiOptions.Whole("--year", "The year", 2025, 2200, min: 1996);
        var file = ProfileFiles.Option();
        var command = new Command("orders", "Some orders of a year with everything that becomes of them.")
        {
            seed, of, first, count, year, file,
        };
        command.Does(context, async (parsed, cancel) =>
        {
            var profile = await ProfileFiles.ReadAsync(parsed.GetValue(file), cancel);
            var (all, from) = (parsed.GetValue(of), parsed.GetValue(first));
            if (from >= all) throw new UsageException("--first must be less than --of.");
            var tables = SimulatedTables.Generate(parsed.GetValue(seed), 1000, 1200, 300);
            var begin = new DateTime(parsed.GetValue(year), 1, 1);
            var span = new CalendarSpan(
                new ShopCalendar(profile.Calendar), MadridTime.Instant(begin), MadridTime.Instant(begin.AddYears(1)));
            var generator = new OrderGenerator(
                parsed.GetValue(seed), "inspect", ShopData.From(tables, profile.Shipping.Currency), profile, span, all);
            for (var number = from; number < Math.Min(all, from + parsed.GetValue(count)); number++)
                Show(generator.At(number), profile.Shipping.Currency, context.Terminal);
            return CommandLine.Done;
        });
        return command;
    }

    private static void Show(SimulatedOrder order, string currency, Terminal terminal)
    {
        var (customer, amounts) = (order.Customer, order.Amounts);
        terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"#{order.Number}  {Clock(order.PlacedAt)}  {order.Channel}  ")
            + $"{customer.FirstName} {customer.LastName}, {order.Address.CityDistrict}");
        foreach (var line in order.Lines)
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"    {line.Quantity} x {line.Product.Name}  {line.Product.Price}"));
        var code = order.DiscountCode is null ? "" : $"({order.DiscountCode}) ";
        terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"    {amounts.Subtotal} - {amounts.Discount} {code}+ {amounts.Shipping} = {amounts.Total} {currency}, VAT {amounts.Tax}"));
        foreach (var step in order.Life) terminal.Say($"    {Clock(step.At)}  {Name(step.Step)}{Details(step)}");
        terminal.Say("");
    }

    /// <summary>As clocks in Madrid show it.</summary>
    private static string Clock(DateTimeOffset at) =>
        MadridTime.Local(at).ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Name(LifeStep step) => step switch
    {
        LifeStep.PartlyShipped => "shipped in part",
        LifeStep.PartlyReturned => "returned in part",
        _ => step.ToString().ToLowerInvariant(),
    };

    private static string Details(LifeEvent step)
    {
        string?[] details =
        [
            step.Method, step.Carrier, step.Amount?.ToString(CultureInfo.InvariantCulture), step.Reference, step.Tracking, step.Reason,
            step.Pieces is null ? null : string.Join(" ", step.Pieces.Select(piece =>
                string.Create(CultureInfo.InvariantCulture, $"{piece.Quantity} of line {piece.Line}"))),
        ];
        var said = string.Join(", ", details.OfType<string>());
        return said.Length == 0 ? "" : ": " + said;
    }
}

// How fast are orders placed, imported and exported, in one run on one machine, and in how much memory?
// dotnet run -c Release --project bench/Orders.Bench -- [--rounds=3] [--placing=10] [--lines=20000] [--long=100000] [--heap-mb=0]
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Orders.Bench;

var settings = new ConfigurationBuilder().AddCommandLine(args).Build();
var rounds = settings.GetValue("rounds", 3);
var placing = TimeSpan.FromSeconds(settings.GetValue("placing", 10));
var lines = settings.GetValue("lines", 20_000);
var longLines = settings.GetValue("long", 100_000);

await using var app = await BenchedApplication.StartAsync(settings.GetValue("heap-mb", 0));
var shop = await BenchedShop.OpenAsync(app.Api);
await shop.PlaceAsync(16, TimeSpan.FromSeconds(3));
await shop.ImportAsync(2000);
await shop.IsIndexedAsync();

List<double> one = [], many = [], imports = [];
for (var round = 1; round <= rounds; round++)
{
    one.Add(await shop.PlaceAsync(1, placing / 2));
    many.Add(await shop.PlaceAsync(16, placing));
    await shop.IsIndexedAsync();
    imports.Add(await shop.ImportAsync(lines));
    await shop.IsIndexedAsync();
    Say($"round {round}: placing one by one {one[^1]:0}/s, 16 at a time {many[^1]:0}/s; import {imports[^1]:0}/s");
}

var best = Math.Max(Median(one), Median(many));
Say($"placing, the better of both {best:0}/s; import {Median(imports):0}/s; ratio {Median(imports) / best:0.0}");
Say($"ratio to placing one by one {Median(imports) / Median(one):0.0}");

if (longLines > 0)
{
    Say($"memory of the api before: {app.ApiMemoryMb()} MB");
    await Measured($"import of {longLines} lines", () => shop.ImportAsync(longLines));
    await shop.IsIndexedAsync();
    await Measured("import of the same again", () => shop.ImportAsync(longLines, again: true));
    await Measured("export of everything", () => shop.ExportAsync(""));
    await Measured("export as CSV", () => shop.ExportAsync("?format=csv&rows=items"));
}

return Median(imports) >= 10 * best ? 0 : 1;

async Task Measured(string what, Func<Task<double>> work)
{
    using var memory = new MemorySamples(app.ApiMemoryMb);
    var rate = await work();
    Say($"{what}: {rate:0}/s; memory of the api in MB on the way: {memory}");
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

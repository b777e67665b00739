// dotnet run -c Release --project bench/Orders.Benchmarks -- [read|place|import|pipeline|all|generate]
//     [--clients 16] [--seconds 24] [--lines 100000] [--heap-mb 0]
// Starts the whole application with empty servers, measures, and prints ratios of rates from the same run.
// "generate" starts nothing: it measures how fast the simulator makes orders in memory.
using Microsoft.Extensions.Configuration;
using Orders.Benchmarks;

if (args is ["serve-bare", var file])
{
    await BareServer.ServeAsync(file);
    return 0;
}

var what = args.FirstOrDefault(arg => !arg.StartsWith('-')) ?? "all";
var options = new ConfigurationBuilder().AddCommandLine([.. args.Where(arg => arg != what)]).Build();
var clients = options.GetValue("clients", 16);
var lines = options.GetValue("lines", 100_000);
var duration = TimeSpan.FromSeconds(options.GetValue("seconds", 24));

if (what == "generate") return GenerateBenchmark.Run(duration) ? 0 : 1;

await using var orders = await RunningOrders.StartAsync(options.GetValue("heap-mb", 0));
var shop = await orders.OpenShopAsync(customers: 5000, products: 2000);
var history = await ImportShop.OpenAsync(orders.Http);
var reached = true;
if (what is "read" or "all") reached &= await ReadBenchmark.RunAsync(orders, shop, clients, duration);
if (what is "place" or "all") reached &= await PlaceBenchmark.RunAsync(orders, shop, clients, duration);
if (what is "import" or "all") reached &= await ImportBenchmark.RunAsync(orders, history, duration, lines);
if (what is "pipeline" or "all") reached &= await new PipelineBenchmark(orders, shop, history).RunAsync(lines, duration);
return reached ? 0 : 1;

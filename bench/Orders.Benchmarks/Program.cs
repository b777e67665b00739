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

string[] all = ["read", "place", "import", "pipeline"];
if (what != "all" && !all.Contains(what)) throw new ArgumentException($"{what} is not one of {string.Join(", ", all)}, all, generate");
var reached = true;
// Each for itself: what one leaves behind, such as pgbench's rows that are no orders, is not the next one's.
foreach (var one in all.Where(name => what == "all" || what == name)) reached &= await RunAsync(one);
return reached ? 0 : 1;

async Task<bool> RunAsync(string benchmark)
{
    await using var orders = await RunningOrders.StartAsync(options.GetValue("heap-mb", 0));
    var shop = await orders.OpenShopAsync(customers: 5000, products: 2000);
    var history = await ImportShop.OpenAsync(orders.Http);
    return benchmark switch
    {
        "read" => await ReadBenchmark.RunAsync(orders, shop, clients, duration),
        "place" => await PlaceBenchmark.RunAsync(orders, shop, clients, duration),
        "import" => await ImportBenchmark.RunAsync(orders, history, duration, lines),
        _ => await new PipelineBenchmark(orders, shop, history).RunAsync(lines, duration),
    };
}

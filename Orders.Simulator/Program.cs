using Orders.ServiceDefaults;
using Orders.Simulator;
using Orders.Simulator.Cli;
using Orders.Simulator.Live;

if (CommandLine.Handles(args)) return await CommandLine.RunAsync(args);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSimulator();

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapHealth();
app.MapLive();
await app.RunAsync();
return 0;

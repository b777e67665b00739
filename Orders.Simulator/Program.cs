using Orders.ServiceDefaults;
using Orders.Simulator;
using Orders.Simulator.Live;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSimulator();

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapHealth();
app.MapLive();
await app.RunAsync();

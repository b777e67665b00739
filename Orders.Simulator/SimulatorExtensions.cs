using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Messaging;
using Orders.Simulator.Api;
using Orders.Simulator.Live;
using Orders.Simulator.Seeding;

namespace Orders.Simulator;

internal static class SimulatorExtensions
{
    public static void AddSimulator(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SimulatorOptions>()
            .BindConfiguration(SimulatorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LiveEndpoints.BodyBytesMax);
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<SimulatorMetrics>();
        builder.Services.AddSingleton<ApiRetries>();
        builder.AddOrdersApi();

        builder.Services.AddSingleton<RunName>();
        builder.Services.AddSingleton<LiveProfile>();
        builder.Services.AddSingleton<TableSeeder>();
        builder.Services.AddSingleton<ShopWindow>();
        builder.Services.AddSingleton<OrderPlacer>();
        builder.AddTransport();
        builder.Services.AddSingleton<LiveControl>();
        builder.Services.AddSingleton<LiveReport>();
        builder.Services.AddHostedService<LiveTraffic>();
        builder.Services.AddHostedService<LiveReporter>();
    }

    /// <summary>Without the topic there need be no broker.</summary>
    private static void AddTransport(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(SimulatorOptions.Section);
        if (section.GetValue<LiveTransport>(nameof(SimulatorOptions.Transport)) != LiveTransport.Inbound) return;
        builder.AddKafkaClients();
        builder.Services.AddSingleton<Supplies>();
        builder.Services.AddSingleton<Func<IProducer<string, byte[]>>>(
            services => () => services.GetRequiredService<KafkaClients>().CreateProducer());
        builder.Services.AddSingleton<InboundOrders>();
    }

    /// <summary>One client for the life of the process; the retry policies have the time limits.</summary>
    private static void AddOrdersApi(this WebApplicationBuilder builder)
    {
        var address = builder.ServiceAddress(WireNames.Connections.Api);
        builder.Services.AddSingleton(services => new OrdersApi(
            new HttpClient(new SocketsHttpHandler
            {
                // A restarted API may have another address behind the same name.
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                ConnectTimeout = TimeSpan.FromSeconds(5),
            })
            {
                BaseAddress = address,
                Timeout = Timeout.InfiniteTimeSpan,
                DefaultRequestHeaders =
                {
                    Authorization = new("Bearer", services.GetRequiredService<IOptions<SimulatorOptions>>().Value.ApiKey),
                },
            },
            services.GetRequiredService<ApiRetries>()));
    }
}

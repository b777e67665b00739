using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orders.Benchmarks;

/// <summary>The whole application with empty servers of its own and no traffic, and a shop to order from.</summary>
internal sealed class RunningOrders : IAsyncDisposable
{
    private const string Admin = "benchmark";
    private readonly DistributedApplication _app;
    private readonly int _apiProcess;

    private RunningOrders(DistributedApplication app, HttpClient http, string connection, string search, string token, int apiProcess)
    {
        _app = app;
        _apiProcess = apiProcess;
        Http = http;
        Connection = connection;
        Search = search;
        Token = token;
    }

    public HttpClient Http { get; }

    public Uri Server => Http.BaseAddress!;

    public string Connection { get; }

    /// <summary>Meilisearch's connection string.</summary>
    public string Search { get; }

    public string Token { get; }

    /// <param name="heapMb">Most that the api's garbage collector may hold, in MB; 0: what it likes.</param>
    public static async Task<RunningOrders> StartAsync(int heapMb)
    {
        var token = $"ordk_{Admin}_" + Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))
            .Replace('+', '-').Replace('/', '_').TrimEnd('=');
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Orders_AppHost>(["--data=none", "--rate=0"]);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var api = builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(project => project.Name == "api"));
        // The service itself: with the proxy in front of it, the proxy would be measured.
        api.WithEndpoint("http", endpoint => endpoint.IsProxied = false)
            .WithEnvironment("Orders__Access__Keys__90__Token", token)
            .WithEnvironment("Orders__Access__Keys__90__Name", Admin)
            .WithEnvironment("Orders__Access__Keys__90__Scopes__0", "admin")
            .WithEnvironment("Orders__Access__Keys__90__RequestsPerSecond", "1000000")
            .WithEnvironment("Orders__Access__Keys__90__Burst", "1000000");
        if (heapMb > 0) api.WithEnvironment("DOTNET_GCHeapHardLimit", ((long)heapMb << 20).ToString("x", CultureInfo.InvariantCulture));
        var app = await builder.BuildAsync();
        await app.StartAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        await app.ResourceNotifications.WaitForResourceHealthyAsync("simulator", patience.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("indexer", patience.Token);
        var http = app.CreateHttpClient("api");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        http.Timeout = TimeSpan.FromHours(1);
        var running = await app.ResourceNotifications.WaitForResourceAsync("api", r => r.Snapshot.State?.Text == "Running");
        var pid = running.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value;
        return new RunningOrders(
            app, http, (await app.GetConnectionStringAsync("ordersdb"))!, (await app.GetConnectionStringAsync("search"))!, token,
            Convert.ToInt32(pid, CultureInfo.InvariantCulture));
    }

    /// <summary>Resident memory of the api's process.</summary>
    public long ApiMemoryMb()
    {
        using var process = System.Diagnostics.Process.GetProcessById(_apiProcess);
        return process.WorkingSet64 >> 20;
    }

    /// <summary>Stops a resource as the dashboard's button does, does something, and starts it again.</summary>
    public async Task WithoutAsync(string resource, Func<Task> act)
    {
        await CommandAsync(resource, "resource-stop");
        await act();
        await CommandAsync(resource, "resource-start");
    }

    private async Task CommandAsync(string resource, string command)
    {
        var result = await _app.ResourceCommands.ExecuteCommandAsync(resource, command);
        if (!result.Success) throw new InvalidOperationException($"{command} of {resource} failed");
    }

    /// <summary>As many customers with an address each, and products with stock without end.</summary>
    public async Task<Shop> OpenShopAsync(int customers, int products)
    {
        static string Id(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-bench-{number}");
        for (var from = 0; from < customers; from += 500)
        {
            var numbers = Enumerable.Range(from, Math.Min(500, customers - from)).ToArray();
            await ImportAsync("customers", numbers.Select(number => new
            {
                client_id = Id("cus", number), first_name = "Ana", last_name = "Ruiz", email = "ana@example.com",
                phone_number = "+34600000000", status = "active",
            }));
            await ImportAsync("addresses", numbers.Select(number => new
            {
                client_id = Id("cus", number), address_id = Id("add", number), road = "Calle de Alcalá", house_number = "1",
                neighborhood = "Sol", suburb = "Sol", city_district = "Centro", state = "Comunidad de Madrid", postcode = "28014",
                country = "España", lat = "40.4169", lon = "-3.7035",
            }));
        }

        await ImportAsync("products", Enumerable.Range(0, products).Select(number => new
        {
            id = Id("pro", number), sku = Id("SKU", number), name = "Lámpara de mesa", description = "Latón, 40 cm", category = "hogar",
            manufacturer = "Luz", price = 19.99m, currency = "EUR", weight = 1.25m, stock = int.MaxValue, active = true,
        }));
        return new Shop(customers, products);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task ImportAsync(string table, IEnumerable<object> rows)
    {
        foreach (var some in rows.Chunk(1000))
        {
            var reply = await Http.PostAsJsonAsync($"/v1/{table}/import", some, JsonSerializerOptions.Default);
            if (!reply.IsSuccessStatusCode) throw new InvalidOperationException(await reply.Content.ReadAsStringAsync());
        }
    }
}

/// <summary>How many of what there is; ids are <c>cus-bench-0</c>, <c>add-bench-0</c>, <c>pro-bench-0</c> and so on.</summary>
internal sealed record Shop(int Customers, int Products)
{
    /// <summary>An order of two lines, as the same pair of numbers always gives it.</summary>
    public string Order(int client, long count)
    {
        var mixed = (ulong)((client * 1_000_003L) + count) * 0x9E3779B97F4A7C15UL;
        var customer = mixed % (ulong)Customers;
        var first = (mixed >> 20) % (ulong)Products;
        var second = (first + 1 + ((mixed >> 40) % (ulong)(Products - 1))) % (ulong)Products;
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"customer_id":"cus-bench-{{customer}}","address_id":"add-bench-{{customer}}","channel":"web",
             "items":[{"product_id":"pro-bench-{{first}}","quantity":1},{"product_id":"pro-bench-{{second}}","quantity":2}]}
            """);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Confluent.Kafka;
using Meilisearch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Contracts;
using Orders.ServiceDefaults.Caching;
using Orders.ServiceDefaults.Messaging;
using StackExchange.Redis;

namespace Orders.Tests.Support;

/// <summary>
/// The whole application as the AppHost describes it, on random ports and with servers of its own that start empty and are
/// gone afterwards. One for all scenarios, started on demand: tests keep apart by fresh ids, never by emptying tables.
/// </summary>
public sealed class OrdersApplication : IAsyncDisposable
{
    /// <summary>Long enough that a test can act between Kafka's acknowledgement and the slot's confirmation.</summary>
    public static readonly TimeSpan ConfirmInterval = TimeSpan.FromSeconds(10);

    /// <summary>Short, so that a test can outlast it.</summary>
    public static readonly TimeSpan KeyCacheTimeToLive = TimeSpan.FromSeconds(2);

    /// <summary>Streams of changes that the api serves at once.</summary>
    public const int StreamsMax = 60;

    /// <summary>For each step of the start. The first one on a fresh machine fetches the servers.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(10);

    private static readonly string[] Services = ["api", "indexer", "simulator"];

    private readonly Lazy<Task> _start;
    private DistributedApplication? _app;
    private IHost? _clients;

    public OrdersApplication() => _start = new Lazy<Task>(() => Task.Run(StartAsync));

    /// <summary>Where the indexers archive the events; gone afterwards.</summary>
    public string ArchivePath { get; } = Directory.CreateTempSubdirectory("orders-archive-").FullName;

    /// <summary>What the services had written on their consoles when they were all up.</summary>
    public IReadOnlyList<string> StartLog { get; private set; } = [];

    /// <summary>The api, for a caller who may do everything.</summary>
    public HttpClient Api { get; private set; } = null!;

    /// <summary>The key that <see cref="Api"/> sends.</summary>
    public string AdminToken { get; private set; } = "";

    public NpgsqlDataSource Database { get; private set; } = null!;

    public string DatabaseConnection { get; private set; } = "";

    public IConnectionMultiplexer Cache { get; private set; } = null!;

    public MeilisearchClient Search { get; private set; } = null!;

    internal TraceCollector Traces { get; private set; } = null!;

    /// <summary>The product's own cache, on the application's Redis.</summary>
    public OrderCache OrderCache => _clients!.Services.GetRequiredService<OrderCache>();

    public KafkaClients Kafka => _clients!.Services.GetRequiredService<KafkaClients>();

    /// <summary>Starts the application once: later callers await the same start, or get its failure.</summary>
    public Task StartedAsync() => _start.Value;

    private async Task StartAsync()
    {
        Traces = await TraceCollector.StartAsync();
        // --rate=0: the simulator seeds its tables and then places nothing, so that what is there is what a test has made.
        string[] arguments = ["--data=none", "--rate=0", "--indexers=2"];
        var builder = await StepAsync("compose the application", patience =>
            // Named, because the default is Production, whose generated secrets would be written over those of the developer.
            DistributedApplicationTestingBuilder.CreateAsync<Projects.Orders_AppHost>(
                arguments, (_, host) => host.EnvironmentName = Environments.Development, patience));
        // Every line of every server and service would be repeated on the console; the dashboard's logs have no reader here.
        builder.Services.AddLogging(logging => logging.ClearProviders());
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            var service = builder.CreateResourceBuilder(project);
            foreach (var (name, value) in TestSettings.Of(Traces.Address, ArchivePath)) service.WithEnvironment(name, value);
        }

        _app = await StepAsync("build the application", builder.BuildAsync);
        await StepAsync("start the application", patience => _app.StartAsync(patience));
        foreach (var name in Services)
            await StepAsync($"see {name} healthy", patience => _app.ResourceNotifications.WaitForResourceHealthyAsync(name, patience));
        await StepAsync("connect", _ => ConnectAsync());
        StartLog = await ConsoleLines.OfAsync(_app, Services);
    }

    private static Task StepAsync(string what, Func<CancellationToken, Task> step) => StepAsync(what, async patience =>
    {
        await step(patience);
        return true;
    });

    /// <summary>A start that hangs must say where, not stand still until the whole run is given up.</summary>
    private static async Task<T> StepAsync<T>(string what, Func<CancellationToken, Task<T>> step)
    {
        using var patience = new CancellationTokenSource(StartPatience);
        try
        {
            return await step(patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException($"The tests' application did not start: could not {what} within {StartPatience}.");
        }
    }

    /// <summary>Restarts the api the way the dashboard's button does.</summary>
    public async Task RestartApiAsync() => await CommandAsync("api", "resource-restart");

    public async Task RestartDatabaseAsync()
    {
        await CommandAsync("postgres", "resource-restart");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _app!.ResourceNotifications.WaitForResourceHealthyAsync(WireNames.Connections.OrdersDb, patience.Token);
        // What was pooled before is broken.
        Database.Clear();
    }

    /// <summary>Stops the database, does something, and starts it again.</summary>
    public async Task WithoutDatabaseAsync(Func<Task> act)
    {
        await CommandAsync("postgres", "resource-stop");
        try
        {
            await act();
        }
        finally
        {
            await CommandAsync("postgres", "resource-start");
            // The next tests must not be handed a connection that is dead.
            Database.Clear();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await _app!.ResourceNotifications.WaitForResourceHealthyAsync(WireNames.Connections.OrdersDb, patience.Token);
            await ApiIsHealthyAsync();
        }
    }

    /// <summary>Kills the api's process without a warning, then starts it again.</summary>
    public async Task CrashApiAsync() => await StartAgainAsync(await KillAsync("api"));

    /// <summary>Kills a process of the resource, with all that it has started, without a warning and waits until that was
    /// noticed.</summary>
    /// <returns>The id of the instance that is gone.</returns>
    public async Task<string> KillAsync(string resource)
    {
        var running = await RunningAsync(resource);
        var pid = running.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value;
        using (var process = Process.GetProcessById(Convert.ToInt32(pid, CultureInfo.InvariantCulture)))
            process.Kill(entireProcessTree: true);
        await _app!.ResourceNotifications
            .WaitForResourceAsync(resource, r => r.ResourceId == running.ResourceId
                && r.Snapshot.State?.Text is "Exited" or "Finished" or "FailedToStart")
            .WaitAsync(TimeSpan.FromSeconds(30));
        return running.ResourceId;
    }

    /// <summary>What the resource's process was started with.</summary>
    public async Task<IEnumerable<(string Name, string? Value)>> EnvironmentOfAsync(string resource) =>
        (await RunningAsync(resource)).Snapshot.EnvironmentVariables.Select(variable => (variable.Name, variable.Value));

    /// <summary>How many partitions each member of a consumer group has.</summary>
    public async Task<List<int>> MembersAsync(string group)
    {
        using var producer = Kafka.CreateRawProducer();
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        var groups = await admin.DescribeConsumerGroupsAsync([group]);
        return [.. groups.ConsumerGroupDescriptions.Single().Members.Select(member => member.Assignment.TopicPartitions.Count)];
    }

    /// <summary>Bytes of physical memory that the resource's process holds.</summary>
    public async Task<long> MemoryOfAsync(string resource)
    {
        var running = await RunningAsync(resource);
        var pid = running.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value;
        using var process = Process.GetProcessById(Convert.ToInt32(pid, CultureInfo.InvariantCulture));
        return process.WorkingSet64;
    }

    public Task StartAgainAsync(string instance) => CommandAsync(instance, "resource-start");

    /// <summary>Stops the api, does something, and starts it again.</summary>
    public async Task<T> WithoutApiAsync<T>(Func<Task<T>> act)
    {
        await CommandAsync("api", "resource-stop");
        var result = await act();
        await CommandAsync("api", "resource-start");
        await ApiIsHealthyAsync();
        return result;
    }

    public async Task ApiIsHealthyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _app!.ResourceNotifications.WaitForResourceHealthyAsync("api", patience.Token);
    }

    public HttpClient ClientOf(string resource) => _app!.CreateHttpClient(resource);

    /// <summary>The api for the holder of a token; null: for somebody without one.</summary>
    public HttpClient ApiWith(string? token)
    {
        var client = ClientOf("api");
        client.Timeout = TimeSpan.FromSeconds(30);
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Every delivery of an order's changes that the topic holds, oldest first: (version, event id).</summary>
    public Task<List<int>> DeliveredVersionsAsync(string orderId) => Task.Run(() => TopicReader.VersionsOf(Kafka, orderId));

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        Cache?.Dispose();
        if (Database is not null) await Database.DisposeAsync();
        _clients?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        if (Directory.Exists(ArchivePath)) Directory.Delete(ArchivePath, recursive: true);
        if (Traces is not null) await Traces.DisposeAsync();
    }

    private async Task CommandAsync(string resource, string command)
    {
        var result = await _app!.ResourceCommands.ExecuteCommandAsync(resource, command);
        Assert.True(result.Success, $"{command} of {resource} failed");
    }

    private Task<ResourceEvent> RunningAsync(string resource) =>
        _app!.ResourceNotifications.WaitForResourceAsync(resource, r => r.Snapshot.State?.Text == "Running");

    /// <summary>A development key, as the AppHost makes it.</summary>
    public async Task<string> TokenAsync(string name)
    {
        var model = _app!.Services.GetRequiredService<DistributedApplicationModel>();
        var secret = model.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == $"{name}-key");
        return $"ordk_{name}_{await secret.GetValueAsync(CancellationToken.None)}";
    }

    private async Task ConnectAsync()
    {
        AdminToken = await TokenAsync("admin");
        Api = ApiWith(AdminToken);
        DatabaseConnection = (await _app!.GetConnectionStringAsync(WireNames.Connections.OrdersDb))!;
        Database = NpgsqlDataSource.Create(DatabaseConnection);
        Cache = await ConnectionMultiplexer.ConnectAsync((await _app!.GetConnectionStringAsync(WireNames.Connections.Cache))!);
        _clients = await ClientsAsync();
        Search = _clients.Services.GetRequiredService<MeilisearchClient>();
    }

    /// <summary>Clients with the very configuration that the indexer was started with.</summary>
    private Task<IHost> ClientsAsync() => PartsAsync(_ => { });

    /// <summary>The configuration that a service was started with.</summary>
    public async Task<IEnumerable<KeyValuePair<string, string?>>> SettingsOfAsync(string resource) =>
        (await EnvironmentOfAsync(resource))
            .Select(variable => KeyValuePair.Create(variable.Name.Replace("__", ":", StringComparison.Ordinal), variable.Value));

    /// <summary>Parts of the indexer in this process, on the application's servers; nothing of it runs by itself.</summary>
    public async Task<IHost> PartsAsync(Action<HostApplicationBuilder> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(await SettingsOfAsync("indexer"));
        builder.Services.AddMetrics();
        builder.AddKafkaClients();
        builder.AddOrderCache();
        builder.AddMeilisearchClient(WireNames.Connections.Search);
        builder.Services.AddSingleton(TimeProvider.System);
        add(builder);
        return builder.Build();
    }
}

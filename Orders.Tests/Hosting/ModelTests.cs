using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Hosting;

namespace Orders.Tests.Hosting;

/// <summary>The model as the AppHost's Program.cs describes it, for a machine with a container engine; nothing is started.</summary>
[Unit]
public sealed partial class ModelTests
{
    [Fact]
    public async Task Every_server_is_a_container_of_a_pinned_image_with_its_volume()
    {
        var model = await ModelAsync();

        Assert.Equal(
            [
                "cache docker.io/library/redis -",
                "kafka docker.io/confluentinc/confluent-local orders-kafka:/var/lib/kafka/data",
                "postgres docker.io/library/postgres orders-postgres:/var/lib/postgresql",
                "search docker.io/getmeili/meilisearch orders-search:/meili_data",
            ],
            model.Resources.OfType<ContainerResource>().Select(Show).Order(StringComparer.Ordinal));
        Assert.All(model.Resources.OfType<ContainerResource>(), server => Assert.Matches(@"^v?\d+\.\d+", Image(server).Tag));
    }

    [Fact]
    public async Task With_data_none_no_server_has_a_volume()
    {
        var model = await ModelAsync("--data=none");
        Assert.Empty(model.Resources.SelectMany(resource => resource.Annotations.OfType<ContainerMountAnnotation>()));
    }

    [Fact]
    public async Task The_database_is_told_to_log_logically_and_to_bound_what_a_slot_holds_back()
    {
        var model = await ModelAsync();
        var arguments = await ArgumentsAsync(model.Resources.OfType<PostgresServerResource>().Single());
        string[] settings = ["wal_level=logical", "max_replication_slots=8", "max_slot_wal_keep_size=8GB", "max_connections=300"];
        foreach (var wanted in settings) Assert.Contains(wanted, arguments);
    }

    [Fact]
    public async Task Services_reference_what_they_use_and_wait_for_it()
    {
        var model = await ModelAsync();
        Assert.Equal("cache, kafka, ordersdb, search", References(model, "api"));
        Assert.Equal("cache, kafka, ordersdb, search", References(model, "indexer"));
        Assert.Equal("api, kafka", References(model, "simulator"));
        Assert.Equal("cache, kafka, ordersdb, postgres, search", Waits(model, "api"));
        Assert.Equal("api, cache, kafka, ordersdb, postgres, search", Waits(model, "indexer"));
        Assert.Equal("api, kafka", Waits(model, "simulator"));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task A_single_api_listens_itself_and_replicas_stand_behind_a_proxy(int apis, bool isProxied)
    {
        var model = await ModelAsync($"--apis={apis}");
        var api = model.Resources.Single(resource => resource.Name == "api");
        Assert.Equal(apis, api.GetReplicaCount());
        Assert.Equal(isProxied, api.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "http").IsProxied);
    }

    [Fact]
    public async Task Generated_secrets_are_letters_and_digits_alone()
    {
        var model = await ModelAsync();
        var secrets = model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret).ToList();
        Assert.Equal(
            ["admin-key", "cache-password", "console-key", "postgres-password", "search-master-key", "simulator-key"],
            secrets.Select(secret => secret.Name).Order(StringComparer.Ordinal));
        foreach (var secret in secrets) Assert.Matches(LettersAndDigits(), await secret.GetValueAsync(CancellationToken.None));
    }

    private static async Task<DistributedApplicationModel> ModelAsync(params string[] arguments)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Orders_AppHost>(
            ["--servers=containers", .. arguments], (_, host) => host.EnvironmentName = Environments.Development);
        return new DistributedApplicationModel([.. builder.Resources]);
    }

    private static string Show(ContainerResource server)
    {
        var volume = server.Annotations.OfType<ContainerMountAnnotation>()
            .Select(mount => $"{mount.Source}:{mount.Target}").SingleOrDefault();
        return $"{server.Name} {Image(server).Registry}/{Image(server).Image} {volume ?? "-"}";
    }

    private static ContainerImageAnnotation Image(ContainerResource server) =>
        server.Annotations.OfType<ContainerImageAnnotation>().Single();

    private static async Task<List<object>> ArgumentsAsync(IResource resource)
    {
        List<object> arguments = [];
        foreach (var callback in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await callback.Callback(new CommandLineArgsCallbackContext(arguments, CancellationToken.None));
        return arguments;
    }

    private static string Waits(DistributedApplicationModel model, string name) =>
        Names<WaitAnnotation>(model, name, wait => wait.Resource);

    private static string References(DistributedApplicationModel model, string name) =>
        Names<ResourceRelationshipAnnotation>(model, name, found =>
            found.Type == "Reference" && found.Resource is not ParameterResource ? found.Resource : null);

    private static string Names<T>(DistributedApplicationModel model, string name, Func<T, IResource?> other)
        where T : IResourceAnnotation => string.Join(", ", model.Resources.Single(resource => resource.Name == name).Annotations.OfType<T>()
            .Select(annotation => other(annotation)?.Name).OfType<string>().Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex("^[A-Za-z0-9]{20,}$", RegexOptions.None, 1000)]
    private static partial Regex LettersAndDigits();
}

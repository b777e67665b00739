using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Npgsql;
using Orders.Native.Hosting;
using Orders.Native.Servers;

namespace Aspire.Hosting;

/// <summary>PostgreSQL servers and databases.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Starts a PostgreSQL server. Arguments given by <c>WithArgs</c> are the server's own ("-c", "wal_level=logical").</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        PostgresServerResource? resource = null;
        var secret = password?.Resource ?? NativeServerExtensions.ServerPassword(builder, $"{name}-password", () => resource!);
        resource = new PostgresServerResource(name, userName?.Resource, secret);
        var server = resource;
        return builder.AddNativeServer(
                server,
                new NativeServerAnnotation((context, ct) => PrepareAsync(server, context, ct)),
                new EndpointAnnotation(ProtocolType.Tcp, name: PostgresServerResource.PrimaryEndpointName, port: port))
            .WithProbe(ct => ProbeAsync(server, ct))
            .OnResourceReady(CreateDatabasesAsync);
    }

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(name, database.DatabaseName);
        return builder.ApplicationBuilder.AddResource(database).WithProbe(ct => ProbeAsync(database, ct));
    }

    /// <summary>Keeps the data across starts.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithDataFolder(name, "/var/lib/postgresql", isReadOnly);

    private static async Task<ServerProcess> PrepareAsync(
        PostgresServerResource server, NativeServerContext context, CancellationToken cancellationToken)
    {
        var user = await server.UserName.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var password = await server.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
        return await PostgresServer.PrepareAsync(
            context.Toolset, context.DataDirectory, server.PrimaryEndpoint.Port, user!, password!, context.Args,
                cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string?> ProbeAsync(IResourceWithConnectionString resource, CancellationToken cancellationToken) =>
        await Probes.PostgresAsync(
            (await resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false))!, cancellationToken).ConfigureAwait(false);

    private static async Task CreateDatabasesAsync(
        PostgresServerResource server, ResourceReadyEvent ready, CancellationToken cancellationToken)
    {
        var connectionString = await ((IResourceWithConnectionString)server).GetConnectionStringAsync(cancellationToken)
            .ConfigureAwait(false);
        await using var source = NpgsqlDataSource.Create(Unpooled(connectionString));
        foreach (var database in server.Databases.Values)
        {
            await using var find = source.CreateCommand("SELECT 1 FROM pg_database WHERE datname = $1");
            find.Parameters.AddWithValue(database);
            if (await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null)
                continue;
            await using var create =
                source.CreateCommand($"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            await create.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The host connects seldom; a kept connection would only hold up the server's shutdown.</summary>
    private static string Unpooled(string? connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5, CommandTimeout = 10 }.ConnectionString;
}

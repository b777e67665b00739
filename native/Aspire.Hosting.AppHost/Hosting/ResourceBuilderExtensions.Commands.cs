using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds an action to the resource's menu in the dashboard.</summary>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource
    {
        foreach (var old in builder.Resource.Annotations.OfType<ResourceCommandAnnotation>().Where(c => c.Name == name).ToArray())
            builder.Resource.Annotations.Remove(old);

        var options = commandOptions ?? new CommandOptions();
        return builder.WithAnnotation(new ResourceCommandAnnotation(
            name, displayName, options.UpdateState ?? (_ => ResourceCommandState.Enabled), executeCommand, options.Description, null,
            options.ConfirmationMessage, options.IconName, options.IconVariant, options.IsHighlighted));
    }

    /// <summary>Adds an action that sends a request, POST by default, to the resource; enabled while the resource is healthy.</summary>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        string? endpointName = null,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints => builder.WithHttpCommand(
            path, displayName, commandOptions?.EndpointSelector ?? (() => SelectEndpoint(builder.Resource, endpointName)),
                commandName, commandOptions);

    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        Func<EndpointReference>? endpointSelector,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        var options = commandOptions ?? new HttpCommandOptions();
        var selector = endpointSelector ?? (() => SelectEndpoint(builder.Resource, null));
        var method = options.Method ?? HttpMethod.Post;
        var name = commandName ?? $"{builder.Resource.Name}-http-{method.Method.ToLowerInvariant()}-{path}";
        return builder.WithCommand(name, displayName, c => SendAsync(c, selector(), path, method, options), new CommandOptions
        {
            Description = options.Description,
            ConfirmationMessage = options.ConfirmationMessage,
            IconName = options.IconName,
            IconVariant = options.IconVariant,
            IsHighlighted = options.IsHighlighted,
            UpdateState = options.UpdateState ?? (c =>
                c.ResourceSnapshot.HealthStatus == HealthStatus.Healthy ? ResourceCommandState.Enabled : ResourceCommandState.Disabled),
        });
    }

    private static EndpointReference SelectEndpoint(IResourceWithEndpoints resource, string? endpointName)
    {
        var endpoint = resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => endpointName is null
            ? e.UriScheme is "http" or "https"
            : string.Equals(e.Name, endpointName, StringComparison.OrdinalIgnoreCase));
        return endpoint is null
            ? throw new DistributedApplicationException(
                $"Could not create HTTP command for resource '{resource.Name}': it has no endpoint '{endpointName ?? "http"}'.")
            : new EndpointReference(resource, endpoint.Name);
    }

    private static async Task<ExecuteCommandResult> SendAsync(
        ExecuteCommandContext context, EndpointReference endpoint, string path, HttpMethod method, HttpCommandOptions options)
    {
        if (!endpoint.IsAllocated)
            return CommandResults.Failure("The endpoint is not available yet.");

        using var client = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient(options.HttpClientName ?? "");
        using var request = new HttpRequestMessage(method, new Uri(new Uri(endpoint.Url), path));
        if (options.PrepareRequest is { } prepare)
        {
            await prepare(new HttpCommandRequestContext
            {
                Services = context.Services,
                ResourceName = context.ResourceName,
                Endpoint = endpoint,
                CancellationToken = context.CancellationToken,
                HttpClient = client,
                Request = request,
            }).ConfigureAwait(false);
        }

        try
        {
            using var response = await client.SendAsync(request, context.CancellationToken).ConfigureAwait(false);
            if (options.GetCommandResult is { } getResult)
            {
                return await getResult(new HttpCommandResultContext
                {
                    Services = context.Services,
                    ResourceName = context.ResourceName,
                    Endpoint = endpoint,
                    CancellationToken = context.CancellationToken,
                    HttpClient = client,
                    Response = response,
                }).ConfigureAwait(false);
            }

            return response.IsSuccessStatusCode
                ? CommandResults.Success()
                : CommandResults.Failure($"{method} {path} answered {(int)response.StatusCode} {response.ReasonPhrase}.");
        }
        catch (HttpRequestException e)
        {
            return CommandResults.Failure(e);
        }
    }
}

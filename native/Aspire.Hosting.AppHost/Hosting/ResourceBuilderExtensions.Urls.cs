using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, string url, string? displayText = null)
        where T : IResource => builder.WithUrls(c => c.Urls.Add(new() { Url = Absolute(c, url), DisplayText = displayText }));

    public static IResourceBuilder<T> WithUrl<T>(
        this IResourceBuilder<T> builder, in ReferenceExpression.ExpressionInterpolatedStringHandler url, string? displayText = null)
        where T : IResource => builder.WithUrl(url.GetExpression(), displayText);

    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, ReferenceExpression url, string? displayText = null)
        where T : IResource => builder.WithUrls(async c =>
        {
            if (await url.GetValueAsync(c.CancellationToken).ConfigureAwait(false) is { } value)
                c.Urls.Add(new() { Url = value, DisplayText = displayText });
        });

    public static IResourceBuilder<T> WithUrls<T>(this IResourceBuilder<T> builder, Action<ResourceUrlsCallbackContext> callback)
        where T : IResource => builder.WithUrls(c =>
        {
            callback(c);
            return Task.CompletedTask;
        });

    public static IResourceBuilder<T> WithUrls<T>(this IResourceBuilder<T> builder, Func<ResourceUrlsCallbackContext, Task> callback)
        where T : IResource => builder.WithAnnotation(new ResourceUrlsCallbackAnnotation(callback));

    /// <summary>Changes the link that the endpoint has by itself.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback)
        where T : IResource => builder.WithUrls(c =>
        {
            foreach (var url in c.Urls.Where(u =>
                string.Equals(u.Endpoint?.EndpointName, endpointName, StringComparison.OrdinalIgnoreCase)).ToArray())
            {
                callback(url);
                url.Url = Absolute(c, url.Url, url.Endpoint);
            }
        });

    /// <summary>Adds a link to the endpoint.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Func<EndpointReference, ResourceUrlAnnotation> callback)
        where T : IResourceWithEndpoints => builder.WithUrls(c =>
        {
            var endpoint = builder.GetEndpoint(endpointName);
            if (!endpoint.Exists)
                return;
            var made = callback(endpoint);
            c.Urls.Add(new()
            {
                Url = Absolute(c, made.Url, endpoint),
                DisplayText = made.DisplayText,
                DisplayLocation = made.DisplayLocation,
                DisplayOrder = made.DisplayOrder,
                Endpoint = endpoint,
            });
        });

    /// <summary>"/docs" is a page of the endpoint, by default of the first one that speaks HTTP.</summary>
    private static string Absolute(ResourceUrlsCallbackContext context, string url, EndpointReference? endpoint = null)
    {
        if (!url.StartsWith('/'))
            return url;
        var owner = endpoint?.Url ?? context.Urls.FirstOrDefault(u => u.Endpoint is { IsHttp: true } or { IsHttps: true })?.Endpoint?.Url;
        return owner is null ? url : new Uri(new Uri(owner), url).ToString();
    }
}

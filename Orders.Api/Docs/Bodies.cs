using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Orders.Api.Docs;

/// <summary>
/// Tells the documentation about bodies that bind by themselves (<c>JsonBody&lt;T&gt;</c>). The framework's own metadata for this
/// would also make routing refuse other content types, before we can say which field is wrong.
/// </summary>
internal sealed class Bodies : IApiDescriptionProvider
{
    /// <summary>After the framework's providers, which make the descriptions.</summary>
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        foreach (var description in context.Results)
        {
            if (description.ActionDescriptor.EndpointMetadata.OfType<EndpointDoc>().FirstOrDefault()?.Body is not { } body) continue;
            description.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = body.ContentType });
            if (body.Also is { } also) description.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = also });
            if (description.ActionDescriptor.EndpointMetadata.OfType<EndpointDoc>().First().Lines is { } lines)
                description.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = lines.ContentType });
            description.ParameterDescriptions.Add(new ApiParameterDescription
            {
                Name = "body",
                Source = BindingSource.Body,
                Type = body.Type ?? typeof(string),
                IsRequired = body.Required,
            });
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }
}

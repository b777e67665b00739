using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Orders.Api.Docs;

internal static class DocsExtensions
{
    /// <summary>Everything comes from this server; Swagger UI sets styles on its elements.</summary>
    private const string PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void AddDocs(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DocsOptions>().BindConfiguration(DocsOptions.Section);
        builder.Services.AddOpenApi(OpenApiFile.Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = SchemaName;
            options.AddSchemaTransformer<SchemaDescriptions>();
            options.AddOperationTransformer<OperationDescriptions>();
            options.AddDocumentTransformer<DocumentDescription>();
        });
        builder.Services.AddSingleton<IApiDescriptionProvider, Bodies>();
        builder.Services.AddSingleton<OpenApiFile>();
    }

    /// <summary><c>/openapi/v1.json</c>, <c>/docs</c> and <c>/order_docs</c>, unless switched off; <c>/problems</c> always.</summary>
    public static void MapDocs(this WebApplication app)
    {
        app.MapProblemPages();
        if (!(app.Configuration.GetSection(DocsOptions.Section).Get<DocsOptions>() ?? new DocsOptions()).Enabled) return;

        app.MapGet(OpenApiFile.Address, OpenApiFile.Handle).ExcludeFromDescription().AllowAnonymous();
        foreach (var page in (string[])["docs", "order_docs"])
        {
            app.MapSwaggerUI(page, ui =>
            {
                ui.DocumentTitle = "Orders";
                ui.SwaggerEndpoint(OpenApiFile.Address, "Orders v1");
                ui.EnablePersistAuthorization();
                ui.EnableDeepLinking();
                ui.DisplayOperationId();
            }).ExcludeFromDescription().AllowAnonymous().Add(SetPolicy);
        }
    }

    /// <summary>Swagger UI takes the endpoint off the request, and with it a policy in the endpoint's metadata.</summary>
    private static void SetPolicy(EndpointBuilder endpoint)
    {
        var page = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            context.Response.Headers.ContentSecurityPolicy = PagePolicy;
            return page(context);
        };
    }

    /// <summary>
    /// Types inside a slice carry its name: <c>PlaceOrder.Request</c> is <c>PlaceOrderRequest</c>. Null: written where it is used.
    /// </summary>
    private static string? SchemaName(JsonTypeInfo type)
    {
        if (type.Type == typeof(JsonElement)) return null;
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return name is not null && type.Type is { IsGenericType: false, DeclaringType: { } slice } ? slice.Name + name : name;
    }
}

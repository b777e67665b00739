using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Orders.Api.Docs;
using Orders.ServiceDefaults;
using Orders.Tests.Tidy;

namespace Orders.Tests.Docs;

/// <summary>
/// The api as <c>Program.cs</c> composes it, in this process and never started: what it maps and how it documents it, without a
/// server. The composition is not repeated here: the lines of <c>Program.cs</c> are carried out.
/// </summary>
internal sealed partial class ApiInProcess
{
    private static readonly Lazy<Task<ApiInProcess>> Composed = new(ComposeAsync);

    private ApiInProcess(IReadOnlyList<RouteEndpoint> endpoints, string text)
    {
        Endpoints = endpoints;
        Text = text;
        Document = new ApiDocument(JsonNode.Parse(text)!.AsObject());
    }

    /// <summary>Everything that is mapped.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints { get; }

    /// <summary>The OpenAPI document as it is served.</summary>
    public string Text { get; }

    public ApiDocument Document { get; }

    public static Task<ApiInProcess> Get() => Composed.Value;

    private static async Task<ApiInProcess> ComposeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        // Nothing connects: these only have to be there.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ordersdb"] = "Host=localhost;Username=none;Password=none;Database=none",
            ["ConnectionStrings:cache"] = "localhost:1",
            ["ConnectionStrings:kafka"] = "localhost:1",
            ["ConnectionStrings:search"] = "Endpoint=http://localhost:1;MasterKey=none",
        });
        var lines = await File.ReadAllLinesAsync(Path.Combine(Sources.Root, "Orders.Api", "Program.cs"));
        foreach (var call in Calls(lines, "builder")) Invoke(call, builder);
        await using var app = builder.Build();
        foreach (var call in Calls(lines, "app")) Invoke(call, app);
        // What running the application would do first: it lets the services know the endpoints.
        app.UseRouting();
        app.UseEndpoints(_ => { });

        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(OpenApiFile.Name).GetOpenApiDocumentAsync();
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);
        return new ApiInProcess(endpoints, Encoding.UTF8.GetString(json.ToArray()));
    }

    private static IEnumerable<string> Calls(string[] lines, string target) => lines
        .Select(line => Call().Match(line)).Where(match => match.Success && match.Groups[1].Value == target)
        .Select(match => match.Groups[2].Value);

    private static void Invoke(string name, object target)
    {
        Assembly[] assemblies = [typeof(OpenApiFile).Assembly, typeof(Health).Assembly];
        var method = assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.Name == name && method.IsDefined(typeof(ExtensionAttribute)))
            .Single(method => method.GetParameters() is [var first] && first.ParameterType.IsInstanceOfType(target));
        method.Invoke(null, [target]);
    }

    /// <summary>Statements like <c>builder.AddApi();</c>; what is awaited needs servers.</summary>
    [GeneratedRegex(@"^(builder|app)\.(\w+)\(\);$", RegexOptions.None, 1000)]
    private static partial Regex Call();
}

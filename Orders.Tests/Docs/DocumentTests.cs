using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Orders.Api.Http;

namespace Orders.Tests.Docs;

/// <summary>The document says everything that a caller needs, and nothing that is not so.</summary>
[Unit]
public sealed class DocumentTests
{
    /// <summary>Mapped and not in the document: probes of the platform, and the documentation itself.</summary>
    private static readonly string[] Undocumented =
        ["/health", "/alive", "/openapi/v1.json", "/docs/{**path}", "/order_docs/{**path}"];

    [Fact]
    public async Task The_document_is_OpenAPI_3_1_without_a_mistake()
    {
        var api = await ApiInProcess.Get();
        var read = OpenApiDocument.Parse(api.Text, "json");
        Assert.Equal("3.1", ((string)api.Document.Json["openapi"]!)[..3]);
        Assert.Empty(read.Diagnostic!.Errors.Select(error => error.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => warning.ToString()));
    }

    [Fact]
    public async Task Every_route_is_documented_or_left_out_on_purpose()
    {
        var api = await ApiInProcess.Get();
        var mapped = api.Endpoints.Where(endpoint => !Undocumented.Contains(Path(endpoint)))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
                .Select(method => $"{method} {Path(endpoint)}") ?? [$"ANY {Path(endpoint)}"]);

        Assert.Equal(mapped.Order(StringComparer.Ordinal), Names(api.Document.Operations));
        Assert.Empty(Undocumented.Except(api.Endpoints.Select(Path)));
    }

    [Fact]
    public async Task Every_operation_has_a_ready_request_and_every_request_an_operation()
    {
        var document = (await ApiInProcess.Get()).Document;
        var requests = HttpFiles.Read();

        Assert.Empty(requests.Where(request => document.Find(request.Method, request.Path) is null).Select(request => request.ToString()));
        var sent = requests.Select(request => document.Find(request.Method, request.Path)!).Distinct();
        Assert.Equal(Names(sent), Names(document.Operations));
    }

    [Fact]
    public async Task Every_ready_request_is_one_that_its_operation_takes()
    {
        var document = (await ApiInProcess.Get()).Document;
        foreach (var request in HttpFiles.Read())
        {
            var operation = document.Find(request.Method, request.Path)!;
            var keyed = request.Headers.Any(header => header.StartsWith("Authorization: Bearer {{", StringComparison.Ordinal));
            Assert.True(keyed == (operation.Json["security"]!.AsArray().Count > 0), $"{request}: Authorization");
            Assert.True(operation.Bodies.Count > 0 || request.Body.Length == 0, $"{request}: takes no body");
            if (operation.Bodies is [("application/json", var media), ..] && request.Headers.Contains("Content-Type: application/json"))
                Assert.Empty(document.Errors(media, JsonNode.Parse(request.Body)).Select(error => $"{request}: {error}"));
            var queries = request.Target.Contains('?') ? request.Target[(request.Target.IndexOf('?') + 1)..].Split('&') : [];
            var known = operation.Parameters.Select(parameter => (string)parameter["name"]!);
            Assert.Empty(queries.Select(query => query.Split('=')[0]).Except(known).Select(name => $"{request}: {name}"));
        }
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_with_what_and_for_whom()
    {
        var document = (await ApiInProcess.Get()).Document;
        var missing = new List<string>();
        foreach (var operation in document.Operations)
        {
            foreach (var member in (string[])["operationId", "summary", "description"])
                if (string.IsNullOrWhiteSpace((string?)operation.Json[member])) missing.Add($"{operation}: no {member}");
            if (operation.Json["tags"]?.AsArray().Count != 1) missing.Add($"{operation}: not one tag");
            if (operation.Json["security"] is null) missing.Add($"{operation}: no security");
            foreach (var parameter in operation.Parameters)
            {
                var name = (string?)parameter["name"];
                if (string.IsNullOrWhiteSpace((string?)parameter["description"])) missing.Add($"{operation}: {name} is not described");
                if (IsBoundless(parameter["schema"]!.AsObject())) missing.Add($"{operation}: {name} has no bounds");
            }
        }

        Assert.Empty(missing);
        Assert.Empty(document.Operations.GroupBy(operation => operation.Id).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public async Task Every_example_is_what_its_schema_says()
    {
        var document = (await ApiInProcess.Get()).Document;
        var wrong = new List<string>();
        foreach (var operation in document.Operations)
        {
            foreach (var (type, media) in operation.Bodies) Check($"{operation} {type}", media);
            Assert.Contains(operation.Responses, response => response.Key[0] == '2');
            foreach (var (status, response) in operation.Responses)
            {
                foreach (var (type, media) in response!["content"]?.AsObject() ?? [])
                    Check($"{operation} {status} {type}", media!.AsObject());
            }

            foreach (var parameter in operation.Parameters.Where(parameter => parameter.ContainsKey("example")))
                wrong.AddRange(document.Errors(parameter, parameter["example"]).Select(error => $"{operation} {error}"));
        }

        Assert.Empty(wrong);

        void Check(string where, JsonObject media)
        {
            var examples = media["examples"]?.AsObject().Select(named => document.Resolve(named.Value!)["value"]).ToList()
                ?? (media.ContainsKey("example") ? [media["example"]] : []);
            if (examples.Count == 0) wrong.Add($"{where}: no example");
            foreach (var example in examples)
                wrong.AddRange(document.Errors(media, example).Select(error => $"{where} {error}"));
        }
    }

    [Fact]
    public async Task Every_refusal_is_a_problem_of_the_catalogue_under_its_status()
    {
        var document = (await ApiInProcess.Get()).Document;
        foreach (var operation in document.Operations)
        {
            foreach (var (status, response) in operation.Responses.Where(response => response.Key[0] is '4' or '5'))
            {
                var content = response!["content"]!.AsObject();
                if (operation.Id == "serviceHealth" && !content.ContainsKey("application/problem+json")) continue;
                var codes = content["application/problem+json"]!["examples"]!.AsObject().Select(example => example.Key).ToList();
                Assert.NotEmpty(codes);
                Assert.All(codes, code => Assert.Equal(status, $"{ProblemTypes.Find(code)!.Status}"));
            }
        }
    }

    [Fact]
    public async Task Whoever_may_ask_is_told_what_every_asker_meets()
    {
        var document = (await ApiInProcess.Get()).Document;
        foreach (var operation in document.Operations.Where(operation => operation.Json["security"]!.AsArray().Count > 0))
        {
            var statuses = operation.Responses.Select(response => response.Key).ToList();
            var missing = new[] { "401", "429", "500", "503" }.Except(statuses);
            Assert.True(!missing.Any(), $"{operation}: no {string.Join(", ", missing)}");
        }
    }

    /// <summary>Text and numbers have bounds in the document, so that a caller knows them and a generator can cross them.</summary>
    private static bool IsBoundless(JsonObject schema) => (string?)schema["type"] switch
    {
        null => schema["anyOf"]?.AsArray().Any(part => IsBoundless(part!.AsObject())) ?? true,
        "string" => schema["maxLength"] is null && schema["enum"] is null && schema["pattern"] is null && schema["format"] is null,
        "integer" or "number" => schema["minimum"] is null || schema["maximum"] is null,
        "array" => IsBoundless(schema["items"]!.AsObject()),
        "boolean" => false,
        _ => true,
    };

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static IEnumerable<string> Names(IEnumerable<ApiOperation> operations) =>
        operations.Select(operation => operation.ToString()).Order(StringComparer.Ordinal);
}

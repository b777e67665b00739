using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Orders.Tests.Simulation;

/// <summary>A shop that can be ordered from, read and searched, and that a test can slow down or break.</summary>
internal sealed class LoadTarget : HttpMessageHandler
{
    private readonly HttpMessageInvoker _shop;
    private readonly Lock _lock = new();
    private int _ids;

    public LoadTarget() => _shop = new HttpMessageInvoker(Shop, disposeHandler: false);

    public FakeShop Shop { get; } = new();

    /// <summary>Orders that were there before; none: the list is empty.</summary>
    public int OrdersBefore { get; set; } = 50;

    /// <summary>What is decided about a request that is measured; null lets it through.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage?>> Before { get; set; } =
        (_, _) => Task.FromResult<HttpResponseMessage?>(null);

    /// <summary>Paths and queries of what was read and searched, in the order of coming.</summary>
    public List<string> Read { get; } = [];

    public static string Kind(HttpRequestMessage request) => (request.Method.Method, request.RequestUri!.AbsolutePath) switch
    {
        ("POST", "/v1/orders") => "place",
        ("GET", "/v1/orders/search") => "search",
        ("GET", var path) when path.StartsWith("/v1/orders/", StringComparison.Ordinal) => "read",
        _ => "",
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var kind = Kind(request);
        if (kind.Length > 0 && await Before(request, cancellationToken) is { } decided) return decided;
        if (kind is "read" or "search")
        {
            lock (_lock) Read.Add(request.RequestUri!.PathAndQuery);
            return Json(new JsonObject { ["id"] = "any", ["hits"] = new JsonArray() });
        }

        if (request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath == "/v1/orders")
        {
            return Json(new JsonObject
            {
                ["items"] = new JsonArray([.. Enumerable.Range(0, OrdersBefore).Select(_ => new JsonObject { ["id"] = $"old-{_ids++}" })]),
            });
        }

        return await _shop.SendAsync(request, cancellationToken);
    }

    public static HttpResponseMessage Problem(HttpStatusCode status, string type, string? field = null)
    {
        var problem = new JsonObject { ["type"] = "/problems/" + type, ["title"] = "<b>no</b>", ["status"] = (int)status };
        if (field is not null) problem["errors"] = new JsonArray(new JsonObject { ["field"] = field, ["reason"] = "0 left" });
        return new HttpResponseMessage(status)
        {
            Content = new StringContent(problem.ToJsonString(), Encoding.UTF8, "application/problem+json"),
        };
    }

    private static HttpResponseMessage Json(JsonNode body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}

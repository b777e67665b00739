using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orders.Tests.Projections;

/// <summary>
/// As much of Meilisearch's protocol as the search projection speaks, behind an HttpClient: documents by id, tasks that end at
/// once. What a task does can be replaced, to see what the projection makes of it.
/// </summary>
internal sealed class FakeMeilisearch : HttpMessageHandler
{
    private readonly List<JsonObject> _tasks = [];

    public SortedDictionary<string, int> Versions { get; } = new(StringComparer.Ordinal);

    /// <summary>The requests so far, e.g. <c>POST /indexes/orders/documents</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The error that a task with these documents ends in; null lets it succeed.</summary>
    public Func<IReadOnlyList<string>, (string Code, string Type)?> Fault { get; set; } = _ => null;

    /// <summary>Answers 404 to this many looks at a task.</summary>
    public int ForgottenTasks { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (_tasks)
        {
            Requests.Add($"{request.Method} {path}");
            return (request.Method.Method, path) switch
            {
                ("POST", "/indexes/orders/documents") => Queue(Add(body)),
                ("POST", "/indexes/orders/documents/fetch") => Json(Fetch(JsonNode.Parse(body)!)),
                ("DELETE", "/indexes/orders/documents/no-such-order") => Queue(fault: null),
                _ when path.StartsWith("/tasks/", StringComparison.Ordinal) => Task(int.Parse(path["/tasks/".Length..], null)),
                _ => throw new InvalidOperationException($"unexpected {request.Method} {path}"),
            };
        }
    }

    private (string Code, string Type)? Add(string ndjson)
    {
        var documents = ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        var fault = Fault([.. documents.Select(document => (string)document["id"]!)]);
        if (fault is not null) return fault;
        foreach (var document in documents) Versions[(string)document["id"]!] = (int)document["version"]!;
        return null;
    }

    private JsonObject Fetch(JsonNode query)
    {
        var filter = (string)query["filter"]!;
        var ids = filter[(filter.IndexOf('[', StringComparison.Ordinal) + 1)..filter.IndexOf(']', StringComparison.Ordinal)].Split(',');
        var found = ids.Where(Versions.ContainsKey).Select(id => (JsonNode)new JsonObject { ["id"] = id, ["version"] = Versions[id] });
        return new JsonObject { ["results"] = new JsonArray([.. found]), ["offset"] = 0, ["limit"] = ids.Length, ["total"] = 0 };
    }

    private HttpResponseMessage Queue((string Code, string Type)? fault)
    {
        const string Then = "2026-11-21T12:00:00Z";
        var task = new JsonObject
        {
            ["uid"] = _tasks.Count, ["indexUid"] = "orders", ["status"] = fault is null ? "succeeded" : "failed",
            ["type"] = "documentAdditionOrUpdate", ["details"] = null, ["duration"] = "PT0S",
            ["enqueuedAt"] = Then, ["startedAt"] = Then, ["finishedAt"] = Then,
            ["error"] = fault is { } error
                ? new JsonObject { ["message"] = "no", ["code"] = error.Code, ["type"] = error.Type, ["link"] = "" }
                : null,
        };
        _tasks.Add(task);
        return Json(new JsonObject
        {
            ["taskUid"] = _tasks.Count - 1, ["indexUid"] = "orders", ["status"] = "enqueued",
            ["type"] = "documentAdditionOrUpdate", ["enqueuedAt"] = Then,
        });
    }

    private HttpResponseMessage Task(int uid)
    {
        if (ForgottenTasks-- <= 0) return Json((JsonObject)_tasks[uid].DeepClone());
        var error = new JsonObject { ["message"] = "no", ["code"] = "task_not_found", ["type"] = "invalid_request", ["link"] = "" };
        return new HttpResponseMessage(HttpStatusCode.NotFound) { Content = Content(error) };
    }

    private static HttpResponseMessage Json(JsonObject body) => new(HttpStatusCode.OK) { Content = Content(body) };

    private static StringContent Content(JsonObject body) =>
        new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
}

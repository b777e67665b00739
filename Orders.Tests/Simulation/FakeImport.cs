using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Orders.Tests.Simulation;

/// <summary>The import and the search of the API, at the seam of the HTTP client.</summary>
internal sealed class FakeImport : HttpMessageHandler
{
    private readonly Lock _lock = new();

    /// <summary>What is there, by external id.</summary>
    public Dictionary<string, string> Orders { get; } = new(StringComparer.Ordinal);

    /// <summary>First external id and number of lines of each import that came, whatever became of it.</summary>
    public List<(string First, int Lines)> Imports { get; } = [];

    /// <summary>Every request.</summary>
    public List<string> Paths { get; } = [];

    /// <summary>Decides about an import before it is stored: a reply or an exception; null lets it through.</summary>
    public Func<IReadOnlyList<string>, HttpResponseMessage?> Interfere { get; set; } = _ => null;

    /// <summary>Whether search knows the order by now.</summary>
    public Func<JsonNode, bool> IsIndexed { get; set; } = _ => true;

    public int Searches { get; private set; }

    /// <summary>Stores lines as an import does that nobody hears of.</summary>
    public void Store(IEnumerable<string> lines)
    {
        foreach (var line in lines) Orders.TryAdd(IdOf(line), line);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            Paths.Add(request.RequestUri!.AbsolutePath);
            return Paths[^1] switch
            {
                "/v1/orders/import" => Import(body),
                "/v1/orders/search" => Search(request),
                _ => Json(new JsonObject()),
            };
        }
    }

    private HttpResponseMessage Import(string body)
    {
        string[] lines = body.TrimEnd('\n').Split('\n');
        Imports.Add((IdOf(lines[0]), lines.Length));
        if (Interfere(lines) is { } reply) return reply;
        var accepted = 0;
        var rejected = new JsonArray();
        for (var i = 0; i < lines.Length; i++)
        {
            var id = IdOf(lines[i]);
            if (Orders.TryAdd(id, lines[i])) accepted++;
            else if (Orders[id] != lines[i]) rejected.Add(Rejected(i + 1, id));
        }

        return Json(new JsonObject
        {
            ["lines"] = lines.Length, ["accepted"] = accepted, ["unchanged"] = lines.Length - accepted - rejected.Count,
            ["rejected"] = rejected.Count, ["rejected_lines"] = rejected,
        });
    }

    private static JsonObject Rejected(int line, string id) => new()
    {
        ["line"] = line, ["external_id"] = id, ["code"] = "exists_with_other_content",
        ["errors"] = new JsonArray(new JsonObject { ["field"] = "external_id", ["reason"] = "another order has it" }),
    };

    private HttpResponseMessage Search(HttpRequestMessage request)
    {
        Searches++;
        var query = QueryHelpers.ParseQuery(request.RequestUri!.Query);
        var size = int.Parse(query["page_size"]!, CultureInfo.InvariantCulture);
        var page = query.TryGetValue("page", out var text) ? int.Parse(text!, CultureInfo.InvariantCulture) : 1;
        var hits = Orders.Values.Select(line => JsonNode.Parse(line)!)
            .Where(order => query.TryGetValue("q", out var id)
                ? (string)order["id"]! == id
                : Milliseconds(order["placed_at"]!) is var at && at >= Milliseconds(query["placed_from"].ToString())
                    && at < Milliseconds(query["placed_to"].ToString()))
            .Where(IsIndexed).ToList();
        return Json(new JsonObject
        {
            ["hits"] = new JsonArray([.. hits.Skip((page - 1) * size).Take(size).Select(hit => hit.DeepClone())]),
            ["total_pages"] = (hits.Count + size - 1) / size,
        });
    }

    private static long Milliseconds(JsonNode instant) => Milliseconds((string)instant!);

    private static long Milliseconds(string instant) =>
        DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string IdOf(string line) => (string)JsonNode.Parse(line)!["external_id"]!;

    private static HttpResponseMessage Json(JsonNode body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}

using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Simulator;
using Orders.Simulator.Api;

namespace Orders.Tests.Simulation;

/// <summary>The part of the API that the simulator seeds and orders from, at the seam of the HTTP client.</summary>
internal sealed class FakeShop : HttpMessageHandler
{
    private const int PageSize = 7;

    private readonly Lock _lock = new();

    public Dictionary<string, Dictionary<string, JsonObject>> Tables { get; } = new()
    {
        ["customers"] = [], ["addresses"] = [], ["products"] = [],
    };

    public List<string> Imports { get; } = [];

    public List<(string Key, string Body)> Orders { get; } = [];

    public List<string> Cancelled { get; } = [];

    public List<(string Product, string Body)> Restocked { get; } = [];

    /// <summary>Decides about a request before the shop does; null lets it through.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Interfere { get; set; } = _ => null;

    public SimulatorMetrics Metrics { get; } =
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public OrdersApi Api(SimulatorOptions options)
    {
        var retries = new ApiRetries(Options.Create(options), TimeProvider.System, Metrics, NullLogger<ApiRetries>.Instance);
        return new OrdersApi(new HttpClient(this) { BaseAddress = new Uri("http://shop.example") }, retries);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Another caller may come in between, as over a network.
        await Task.Yield();
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (_lock) return Interfere(request) ?? Serve(request, body);
    }

    private HttpResponseMessage Serve(HttpRequestMessage request, string body)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path switch
        {
            ["v1", "stats"] => Json(Stats()),
            ["v1", var table, "import"] => Import(table, body),
            ["v1", "customers" or "addresses" or "products"] => Page(path[1], request.RequestUri.Query),
            ["v1", "orders", var id, "cancel"] => Cancel(id),
            ["v1", "products", var id, "stock"] => Restock(id, body),
            ["v1", "orders"] => Order(request.Headers.GetValues("Idempotency-Key").Single(), body),
            ["v1", "customers", var id, "addresses"] => Json(AddressesOf(id)),
            ["v1", var table, var id] when Tables[table].TryGetValue(id, out var row) => Json(row),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
    }

    private JsonObject Stats() => new()
    {
        ["customers"] = Tables["customers"].Count, ["addresses"] = Tables["addresses"].Count,
        ["products"] = Tables["products"].Count, ["orders"] = Orders.Count,
    };

    private HttpResponseMessage Import(string table, string body)
    {
        var rows = JsonNode.Parse(body)!.AsArray().Select(row => row!.AsObject()).ToList();
        var key = table switch { "customers" => "client_id", "addresses" => "address_id", _ => "id" };
        foreach (var row in rows) Tables[table][(string)row[key]!] = row;
        Imports.Add($"{table} {rows.Count}");
        return Json(new JsonObject { ["accepted"] = rows.Count });
    }

    private HttpResponseMessage Order(string key, string body)
    {
        Orders.Add((key, body));
        var location = new Uri($"/v1/orders/ord-{Orders.Count}", UriKind.Relative);
        return new HttpResponseMessage(HttpStatusCode.Created) { Headers = { Location = location } };
    }

    private HttpResponseMessage Restock(string id, string body)
    {
        Restocked.Add((id, body));
        return Json(new JsonObject { ["id"] = id });
    }

    private HttpResponseMessage Cancel(string id)
    {
        Cancelled.Add(id);
        return Json(new JsonObject { ["id"] = id });
    }

    /// <summary>Pages of <see cref="PageSize"/> rows; the cursor is the number of rows before the page.</summary>
    private HttpResponseMessage Page(string table, string query)
    {
        var wanted = QueryHelpers.ParseQuery(query);
        var from = wanted.TryGetValue("cursor", out var cursor) ? int.Parse(cursor!, CultureInfo.InvariantCulture) : 0;
        var rows = Tables[table].Values.Where(row => !wanted.TryGetValue("status", out var status) || (string)row["status"]! == status)
            .Where(row => !wanted.ContainsKey("active") || (bool)row["active"]!).ToList();
        var page = new JsonObject { ["items"] = new JsonArray([.. rows.Skip(from).Take(PageSize).Select(row => row.DeepClone())]) };
        if (rows.Count > from + PageSize) page["next_cursor"] = (from + PageSize).ToString(CultureInfo.InvariantCulture);
        return Json(page);
    }

    private JsonObject AddressesOf(string customer) => new()
    {
        ["items"] = new JsonArray(
            [.. Tables["addresses"].Values.Where(row => (string)row["client_id"]! == customer).Select(row => row.DeepClone())]),
    };

    private static HttpResponseMessage Json(JsonNode body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}

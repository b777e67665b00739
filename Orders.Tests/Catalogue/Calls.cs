using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

/// <summary>Requests of these tests, and what stands in the tables afterwards.</summary>
internal static class Calls
{
    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient api, string method, string path, string? json = null, string? ifMatch = null, string? ifNoneMatch = null,
        string? key = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return await api.SendAsync(request);
    }

    public static Task<HttpResponseMessage> PatchAsync(this HttpClient api, string path, string json, string? ifMatch = null) =>
        api.SendAsync("PATCH", path, json, ifMatch, type: "application/merge-patch+json");

    /// <summary>Sends an NDJSON stream.</summary>
    public static Task<HttpResponseMessage> StreamAsync(this HttpClient api, string path, string lines) =>
        api.SendAsync("POST", path, lines, type: "application/x-ndjson");

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage reply, HttpStatusCode status = HttpStatusCode.OK)
    {
        await Shop.Expect(reply, status);
        return JsonSerializer.Deserialize<JsonElement>(await reply.Content.ReadAsStringAsync());
    }

    public static async Task<JsonElement> GetJsonAsync(this HttpClient api, string path) => await (await api.GetAsync(path)).JsonAsync();

    /// <summary>One text field of every item, page by page to the end.</summary>
    public static async Task<List<string>> WalkAsync(
        this HttpClient api, string path, string field, int limit, Func<Task>? betweenPages = null)
    {
        var found = new List<string>();
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        string? cursor = null;
        do
        {
            var page = await api.GetJsonAsync($"{path}{separator}limit={limit}" + (cursor is null ? "" : $"&cursor={cursor}"));
            var items = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(field).GetString()!).ToList();
            Assert.InRange(items.Count, 0, limit);
            found.AddRange(items);
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
            if (betweenPages is not null) await betweenPages();
        }
        while (cursor is not null);
        return found;
    }

    /// <summary>A whole row as the database has it.</summary>
    public static async Task<JsonElement> RowAsync(this OrdersApplication app, string table, string key, string id) =>
        JsonSerializer.Deserialize<JsonElement>(
            await app.Database.ScalarAsync<string>($"select row_to_json(t)::text from {table} t where {key} = $1", id));

    public static async Task<long> CountAsync(this OrdersApplication app, string table, string where, params object[] arguments) =>
        await app.Database.ScalarAsync<long>($"select count(*) from {table} where {where}", arguments);

    /// <summary>Creates a product with ten pieces in stock and gives its id.</summary>
    public static async Task<string> ProductAsync(
        this OrdersApplication app, string sku, string name = "Lámpara", string category = "hogar", decimal price = 19.99m,
        string description = "de mesa", bool active = true, string? id = null)
    {
        var json = JsonSerializer.Serialize(new
        {
            id, sku, name, description, category, manufacturer = "Luz", price, currency = "EUR", weight = 1.25m, stock = 10, active,
        });
        var product = await (await app.Api.SendAsync("POST", "/v1/products", json)).JsonAsync(HttpStatusCode.Created);
        return product.GetProperty("id").GetString()!;
    }

    public static string Tag() => Guid.NewGuid().ToString("N")[..12];

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static int Number(this JsonElement json, string name) => json.GetProperty(name).GetInt32();
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Orders.Benchmarks;

/// <summary>The search server itself, past the application.</summary>
internal sealed class MeilisearchServer
{
    private const string Reference = "reference";
    // Its bodies may have 100 MB.
    private const int DocumentsPerRequest = 20_000;

    private readonly HttpClient _http;

    public MeilisearchServer(string connection)
    {
        var parts = connection.Split(';').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        _http = new HttpClient { BaseAddress = new Uri(parts["Endpoint"]), Timeout = TimeSpan.FromMinutes(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", parts["MasterKey"]);
    }

    public async Task<long> CountAsync(string index)
    {
        using var reply = await _http.GetAsync($"/indexes/{index}/stats");
        return reply.StatusCode == HttpStatusCode.NotFound
            ? 0
            : (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("numberOfDocuments").GetInt64();
    }

    public async Task<bool> HasAsync(string index, string id)
    {
        using var reply = await _http.GetAsync($"/indexes/{index}/documents/{id}?fields=id");
        return reply.IsSuccessStatusCode;
    }

    /// <summary>Documents a second when the documents of an index are imported into an empty one with the same settings, with nothing
    /// else to do.</summary>
    public async Task<double> ImportRateAsync(string index)
    {
        var bodies = await BodiesAsync(index);
        await DoneAsync(await _http.PostAsJsonAsync("/indexes", new { uid = Reference, primaryKey = "id" }));
        using var settings = new StringContent(await _http.GetStringAsync($"/indexes/{index}/settings"), null, "application/json");
        await DoneAsync(await _http.PatchAsync($"/indexes/{Reference}/settings", settings));
        var started = TimeProvider.System.GetTimestamp();
        var tasks = new List<HttpResponseMessage>();
        foreach (var body in bodies)
            tasks.Add(await _http.PutAsync($"/indexes/{Reference}/documents", new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") },
            }));
        foreach (var task in tasks) await DoneAsync(task);
        var took = TimeProvider.System.GetElapsedTime(started);
        var count = await CountAsync(Reference);
        await DoneAsync(await _http.DeleteAsync($"/indexes/{Reference}"));
        return count / took.TotalSeconds;
    }

    private async Task<List<byte[]>> BodiesAsync(string index)
    {
        var bodies = new List<byte[]>();
        for (var offset = 0; ; offset += DocumentsPerRequest)
        {
            var page = await _http.GetFromJsonAsync<JsonElement>(string.Create(
                CultureInfo.InvariantCulture, $"/indexes/{index}/documents?limit={DocumentsPerRequest}&offset={offset}"));
            var lines = string.Join('\n', page.GetProperty("results").EnumerateArray().Select(document => document.GetRawText()));
            if (lines.Length == 0) return bodies;
            bodies.Add(Encoding.UTF8.GetBytes(lines));
        }
    }

    private async Task DoneAsync(HttpResponseMessage queued)
    {
        using (queued)
        {
            var task = await queued.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            var path = string.Create(CultureInfo.InvariantCulture, $"/tasks/{task.GetProperty("taskUid").GetInt64()}");
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (true)
            {
                var now = await _http.GetFromJsonAsync<JsonElement>(path);
                var status = now.GetProperty("status").GetString();
                if (status == "succeeded") return;
                if (status is "failed" or "canceled") throw new InvalidOperationException(now.ToString());
                await tick.WaitForNextTickAsync();
            }
        }
    }
}

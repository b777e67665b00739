using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Meilisearch.QueryParameters;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Searching;

/// <summary>Jobs, and the whole search index against the whole database.</summary>
internal static class SearchState
{
    private const int PageSize = 1000;

    public static async Task<JsonElement> AskAsync(this OrdersApplication app, string path, object? body = null)
    {
        var reply = await app.Api.PostAsync(path, body is null ? null : JsonContent.Create(body));
        await Shop.Expect(reply, HttpStatusCode.Accepted);
        var job = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal($"/v1/admin/jobs/{Id(job)}", reply.Headers.Location!.ToString());
        return job;
    }

    public static string Id(JsonElement job) => job.GetProperty("id").GetString()!;

    public static string State(JsonElement job) => job.GetProperty("state").GetString()!;

    public static async Task<JsonElement> JobAsync(this OrdersApplication app, string id) =>
        await app.Api.GetFromJsonAsync<JsonElement>($"/v1/admin/jobs/{id}");

    /// <summary>Waits until the job has succeeded and gives it back; another end fails.</summary>
    public static async Task<JsonElement> DoneAsync(this OrdersApplication app, JsonElement job, TimeSpan? patience = null)
    {
        var done = await Eventually.Get(() => app.JobAsync(Id(job)), now => State(now) is "succeeded" or "failed" or "cancelled",
            $"job {Id(job)} has ended", patience ?? TimeSpan.FromMinutes(3));
        Assert.True(State(done) == "succeeded", done.ToString());
        return done;
    }

    /// <summary>Waits until no rebuild is under way: one that another test has asked for would exchange the index in this one.</summary>
    public static Task NoRebuildAsync(this OrdersApplication app)
    {
        const string Rebuilds = "select count(*) from jobs where kind = 'search-rebuild' and state in ('queued', 'running')";
        return Eventually.Is(async () => await app.Database.ScalarAsync<long>(Rebuilds) == 0, "no rebuild is under way");
    }

    /// <summary>For those who have asked for jobs without looking at them: the next test's orders must not be mended by one.</summary>
    public static Task NoJobAsync(this OrdersApplication app)
    {
        const string Jobs = "select count(*) from jobs where state in ('queued', 'running')";
        return Eventually.Is(
            async () => await app.Database.ScalarAsync<long>(Jobs) == 0, "no job is under way", TimeSpan.FromMinutes(2));
    }

    /// <summary>Asks and waits: what came of it.</summary>
    public static async Task<JsonElement> RunAsync(this OrdersApplication app, string path, object? body = null) =>
        (await app.DoneAsync(await app.AskAsync(path, body))).GetProperty("result");

    /// <summary>Waits until the index has exactly the documents that the database's orders make, each whole.</summary>
    public static Task IndexEqualsDatabaseAsync(this OrdersApplication app) => Eventually.Holds(async () =>
    {
        var expected = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var state in await app.Database.ListAsync<byte[]>(
            """
            select h.state from orders o join order_history h on h.order_id = o.id and h.version = o.version
            where o.placed_at > now() - interval '730 days' or o.status in ('placed', 'confirmed', 'paid', 'shipped')
            """))
        {
            var document = OrderDocument.From(Shop.Read(state));
            expected[document.Id] = JsonSerializer.SerializeToElement(document, OrdersJson.Default.OrderDocument);
        }

        var indexed = await DocumentsAsync(app);
        Assert.Empty(expected.Keys.Except(indexed.Keys));
        Assert.Empty(indexed.Keys.Except(expected.Keys));
        Assert.Empty(expected.Where(entry => !JsonElement.DeepEquals(entry.Value, indexed[entry.Key])).Select(entry => entry.Key));
    });

    /// <summary>Every document of the live index, by id.</summary>
    public static async Task<Dictionary<string, JsonElement>> DocumentsAsync(this OrdersApplication app)
    {
        var documents = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        while (true)
        {
            var page = await app.Search.Index(WireNames.Indexes.Orders)
                .GetDocumentsAsync<JsonElement>(new DocumentsQuery { Offset = documents.Count, Limit = PageSize });
            foreach (var document in page.Results) documents.Add(document.GetProperty("id").GetString()!, document);
            if (documents.Count >= page.Total) return documents;
        }
    }

    /// <summary>The indexes that a rebuild has not cleaned up.</summary>
    public static async Task<List<string>> SpareIndexesAsync(this OrdersApplication app) =>
        [.. (await app.Search.GetAllIndexesAsync(new IndexesQuery { Limit = 100 })).Results.Select(index => index.Uid)
            .Where(uid => uid != WireNames.Indexes.Orders)];
}

using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Api.Access;
using Orders.Api.Features.Bulk;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Tests.Support;

namespace Orders.Tests.Bulk;

/// <summary>
/// Another system, empty: a database of its own on the application's server, migrated by the product, and the product's own import and
/// export in front of it. Nobody relays its events, so a test can be about the database alone.
/// </summary>
internal sealed class OtherSystem : IAsyncDisposable
{
    private const string Token = "ordk_shop_0123456789012345678901234567890123456789abcd";

    private readonly WebApplication _web;
    private readonly OrdersApplication _app;
    private readonly string _name;

    private OtherSystem(WebApplication web, OrdersApplication app, NpgsqlDataSource database, string name)
    {
        (_web, _app, _name) = (web, app, name);
        Database = database;
        Api = new HttpClient { BaseAddress = new Uri(web.Urls.Single()), Timeout = TimeSpan.FromMinutes(5) };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public HttpClient Api { get; }

    public NpgsqlDataSource Database { get; }

    public IServiceProvider Services => _web.Services;

    /// <param name="app">Whose server it lives on.</param>
    /// <param name="reach">How the system reaches its database, from how tests do.</param>
    /// <param name="settings">Settings of section <c>Orders:Bulk</c>.</param>
    public static async Task<OtherSystem> StartAsync(
        OrdersApplication app, Func<string, string>? reach = null, params (string Name, string Value)[] settings)
    {
        var name = await app.FreshDatabaseAsync("other");
        var connection = new NpgsqlConnectionStringBuilder(app.DatabaseConnection) { Database = name }.ConnectionString;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings
            .Select(setting => KeyValuePair.Create($"Orders:Bulk:{setting.Name}", (string?)setting.Value))
            .Append(new("ConnectionStrings:ordersdb", reach is null ? connection : reach(connection)))
            .Append(new("Orders:Access:Keys:0:Token", Token))
            .Append(new("Orders:Access:Keys:0:Name", "shop"))
            .Append(new("Orders:Access:Keys:0:Scopes:0", "admin")));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddPersistence();
        builder.AddApi();
        builder.AddAccess();
        builder.AddBulk();
        var web = builder.Build();
        await web.MigrateAsync();
        await web.StoreConfiguredKeysAsync();
        web.UseApi();
        web.UseAccess();
        web.MapGroup("/v1/orders").MapBulk();
        await web.StartAsync();
        return new OtherSystem(web, app, NpgsqlDataSource.Create(connection), name);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _web.DisposeAsync();
        await Database.DisposeAsync();
        await _app.DropDatabaseAsync(_name);
    }
}

/// <summary>Imports and exports as a caller sees them.</summary>
internal static class BulkCalls
{
    public static Task<HttpResponseMessage> PostLinesAsync(this HttpClient api, IEnumerable<string> lines, string query = "") =>
        api.PostBytesAsync(System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line.ReplaceLineEndings("") + "\n"))),
            query);

    public static Task<HttpResponseMessage> PostBytesAsync(this HttpClient api, byte[] body, string query = "") =>
        api.PostStreamAsync(new ByteArrayContent(body), query);

    public static Task<HttpResponseMessage> PostStreamAsync(this HttpClient api, HttpContent content, string query = "")
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return api.PostAsync("/v1/orders/import" + query, content);
    }

    /// <summary>The report of an import that went through.</summary>
    public static async Task<Report> ImportAsync(this HttpClient api, IEnumerable<string> lines, string query = "") =>
        await ReportAsync(await api.PostLinesAsync(lines, query));

    public static async Task<Report> ReportAsync(HttpResponseMessage reply)
    {
        await Shop.Expect(reply, System.Net.HttpStatusCode.OK);
        return JsonSerializer.Deserialize<Report>(await reply.Content.ReadAsStringAsync(), Snake)!;
    }

    public static async Task<byte[]> ExportAsync(this HttpClient api, string query = "")
    {
        var reply = await api.GetAsync("/v1/orders/export" + query);
        await Shop.Expect(reply, System.Net.HttpStatusCode.OK);
        return await reply.Content.ReadAsByteArrayAsync();
    }

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    internal sealed record Report(
        long Lines, long Accepted, long Unchanged, long Rejected, List<Line> RejectedLines, long? RejectedLinesOmitted)
    {
        public (long Accepted, long Unchanged, long Rejected) Counts => (Accepted, Unchanged, Rejected);
    }

    internal sealed record Line(long Number, string? Id, string? ExternalId, string Code, List<Error> Errors)
    {
        [System.Text.Json.Serialization.JsonPropertyName("line")]
        public long Number { get; init; } = Number;
    }

    internal sealed record Error(string Field, string Reason);
}

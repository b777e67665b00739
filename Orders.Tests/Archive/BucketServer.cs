using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.Archive;

/// <summary>
/// As much of S3 as the archive asks for, over HTTP: put, get, list by pages, delete. Every request's signature (AWS Signature Version 4)
/// and the hash of its body are computed anew from what arrived and compared; a request that is wrong in either gets 403.
/// </summary>
internal sealed class BucketServer : IAsyncDisposable
{
    public const string AccessKey = "AKIATEST";
    public const string SecretKey = "a secret of forty characters or so/+=";
    public const string Bucket = "orders-archive";
    private const string Region = "eu-south-2";
    private const int PageKeys = 2;

    /// <summary>When every object was written, as it says.</summary>
    public static readonly DateTimeOffset WrittenAt = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _server;

    private BucketServer(WebApplication server)
    {
        _server = server;
        server.Run(AnswerAsync);
    }

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    public int Refused { get; private set; }

    public string Address => _server.Urls.Single();

    public static string RegionName => Region;

    public static async Task<BucketServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new BucketServer(builder.Build());
        await server._server.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content);
        var body = content.ToArray();
        var path = Uri.UnescapeDataString(Target(context).Split('?')[0]);
        if (!IsSigned(context, path, body) || !path.StartsWith("/" + Bucket, StringComparison.Ordinal))
        {
            Refused++;
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var key = path[(Bucket.Length + 1)..].TrimStart('/');
        switch (context.Request.Method)
        {
            case "PUT":
                Objects[key] = body;
                break;
            case "DELETE":
                Objects.TryRemove(key, out _);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "GET" when key.Length == 0:
                await context.Response.WriteAsync(List(context.Request.Query));
                break;
            case "GET" when Objects.TryGetValue(key, out var found):
                await context.Response.Body.WriteAsync(found);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await context.Response.WriteAsync("<Error><Code>NoSuchKey</Code><Message>none</Message></Error>");
                break;
        }
    }

    private string List(IQueryCollection query)
    {
        var after = query["continuation-token"].ToString();
        var keys = Objects.Keys.Where(key => key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Where(key => string.CompareOrdinal(key, after) > 0).ToList();
        var page = keys.Take(PageKeys).ToList();
        return new XElement(
            "ListBucketResult", new XElement("Name", Bucket), new XElement("KeyCount", page.Count),
            new XElement("IsTruncated", keys.Count > page.Count),
            keys.Count > page.Count ? new XElement("NextContinuationToken", page[^1]) : null,
            page.Select(key => new XElement("Contents", new XElement("Key", key), new XElement("Size", Objects[key].Length),
                new XElement("LastModified", "2026-11-21T10:00:00.000Z")))).ToString();
    }

    private static bool IsSigned(HttpContext context, string path, byte[] body)
    {
        var request = context.Request;
        var said = request.Headers.Authorization.ToString();
        if (!said.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal)) return false;
        var parts = said["AWS4-HMAC-SHA256 ".Length..].Split(',')
            .Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        var scope = parts["Credential"].Split('/', 2);
        if (scope[0] != AccessKey || request.Headers["x-amz-content-sha256"] != Hex(SHA256.HashData(body))) return false;
        var headers = parts["SignedHeaders"].Split(';').Select(name => $"{name}:{request.Headers[name].ToString().Trim()}\n");
        var query = request.Query.Select(pair => $"{Encode(pair.Key)}={Encode(pair.Value.ToString())}").Order(StringComparer.Ordinal);
        var canonical = string.Join('\n', request.Method, string.Join('/', path.Split('/').Select(Encode)), string.Join('&', query),
            string.Concat(headers), parts["SignedHeaders"], request.Headers["x-amz-content-sha256"].ToString());
        var text = string.Join('\n', "AWS4-HMAC-SHA256", request.Headers["x-amz-date"].ToString(), scope[1],
            Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = Encoding.UTF8.GetBytes("AWS4" + SecretKey);
        foreach (var step in scope[1].Split('/')) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        return scope[1].Contains($"/{Region}/s3/aws4_request", StringComparison.Ordinal)
            && parts["Signature"] == Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Target(HttpContext context) => context.Features.Get<IHttpRequestFeature>()!.RawTarget;

    private static string Encode(string text) => Uri.EscapeDataString(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Orders.Api.Http;

/// <summary>ETags of replies, and the 304 to who has the reply already.</summary>
internal static class EntityTags
{
    public const string Json = "application/json; charset=utf-8";

    /// <summary>Puts the tag on the reply. True when the caller has it: then the reply is 304 and nothing more is to be written.</summary>
    public static bool IsKnown(HttpContext context, string etag)
    {
        context.Response.Headers.ETag = etag;
        context.Response.Headers.CacheControl = "no-cache";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) return false;
        var sent = context.Request.Headers.IfNoneMatch;
        if (sent.Count == 0 || !EntityTagHeaderValue.TryParseList(sent, out var tags)) return false;
        var own = EntityTagHeaderValue.Parse(etag);
        if (!tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, useStrongComparison: false))) return false;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }
}

/// <summary>A weak tag of what a reply is made from: it changes with any of it.</summary>
internal sealed class WeakTag
{
    private readonly ArrayBufferWriter<byte> _parts = new();

    public WeakTag Add(string? text)
    {
        var bytes = Encoding.UTF8.GetBytes(text ?? "");
        _parts.Write(bytes);
        return Add(text is null ? -1 : bytes.Length);
    }

    public WeakTag Add(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_parts.GetSpan(sizeof(long)), number);
        _parts.Advance(sizeof(long));
        return this;
    }

    /// <inheritdoc cref="EntityTags.IsKnown"/>
    public bool IsKnown(HttpContext context) => EntityTags.IsKnown(context, Of(_parts.WrittenSpan));

    public static string Of(ReadOnlySpan<byte> bytes) => $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"";
}

/// <summary>A value as JSON with a weak tag of its bytes; 304 when the caller has them.</summary>
internal sealed class TaggedReply<T>(T value) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var json = JsonSerializer.SerializeToUtf8Bytes(value, options);
        if (EntityTags.IsKnown(httpContext, WeakTag.Of(json))) return;
        httpContext.Response.ContentType = EntityTags.Json;
        httpContext.Response.ContentLength = json.Length;
        await httpContext.Response.BodyWriter.WriteAsync(json, httpContext.RequestAborted);
    }
}

internal static class TaggedReply
{
    public static TaggedReply<T> Of<T>(T value) => new(value);
}
